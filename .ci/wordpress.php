<?php
// The wp-config.php of both sites of .ci/wordpress, which says by the environment which
// one it is; "install" on the command line makes the site, and prints what the tests
// need as lines of a shell.
$site = getenv('LATCHKEY_SITE');
$home = '127.0.0.1:' . getenv('LATCHKEY_PORT');
$installs = PHP_SAPI === 'cli' && ($argv[1] ?? '') === 'install';

define('DB_NAME', $site);
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:' . getenv('LATCHKEY_SOCKET'));
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $key) {
    define($key, hash('sha256', $key . $home)); // of a site for an hour
}
define('WP_HOME', "http://$home");
define('WP_SITEURL', "http://$home");
define('WP_ENVIRONMENT_TYPE', 'local'); // application passwords without https
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('DISABLE_WP_CRON', true);
define('WP_DEBUG', false);
if ($site === 'multi') {
    define('WP_ALLOW_MULTISITE', true);
    if (!$installs) {
        define('MULTISITE', true);
        define('SUBDOMAIN_INSTALL', false);
        define('DOMAIN_CURRENT_SITE', $home);
        define('PATH_CURRENT_SITE', '/');
        define('SITE_ID_CURRENT_SITE', 1);
        define('BLOG_ID_CURRENT_SITE', 1);
    }
}
$table_prefix = 'wp_';
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');

if ($installs) {
    $_SERVER['HTTP_HOST'] = $home;
    $_SERVER['SERVER_NAME'] = '127.0.0.1';
    $_SERVER['REQUEST_URI'] = '/';
    define('WP_INSTALLING', true);
    (new mysqli('localhost', 'root', '', '', 0, getenv('LATCHKEY_SOCKET')))->query("CREATE DATABASE `$site`") or exit(1);
}
require_once ABSPATH . 'wp-settings.php';
if (!$installs) {
    return;
}

require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Acme shop', 'anna', 'anna@acme.example', false, '', wp_generate_password(24));
$id = wp_insert_user(['user_login' => 'latchkey', 'user_email' => 'latchkey@acme.example', 'user_pass' => wp_generate_password(24), 'role' => 'administrator']);
wp_insert_user(['user_login' => 'tom', 'user_email' => 'tom@acme.example', 'user_pass' => wp_generate_password(24), 'role' => 'editor']);
[$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'Latchkey']);
if ($site === 'multi') {
    require_once ABSPATH . 'wp-admin/includes/network.php';
    foreach ($wpdb->tables('ms_global') as $table => $name) {
        $wpdb->$table = $name;
    }
    install_network();
    $made = populate_network(1, $home, 'anna@acme.example', 'Acme', '/', false);
    if (is_wp_error($made) && $made->get_error_code() !== 'no_wildcard_dns') {
        fwrite(STDERR, $made->get_error_message() . "\n");
        exit(1);
    }
    // It isn't a multisite before the next request, so its options are set by hand.
    $wpdb->insert($wpdb->sitemeta, ['site_id' => 1, 'meta_key' => 'using_application_passwords', 'meta_value' => 1]);
    $wpdb->update($wpdb->sitemeta, ['meta_value' => serialize(['anna', 'latchkey'])], ['site_id' => 1, 'meta_key' => 'site_admins']);
}
$prefix = 'LATCHKEY_TEST_WORDPRESS_' . ($site === 'multi' ? 'MULTI_' : '');
echo $prefix, "URL='http://$home'\n", $prefix, "USER='latchkey'\n", $prefix, "PASSWORD='", WP_Application_Passwords::chunk_password($password), "'\n";
