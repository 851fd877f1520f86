package storetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/lib/pq"
)

// errNoServer is the reason to skip tests of PostgreSQL.
var errNoServer = errors.New("no PostgreSQL server: neither postgres and initdb in PATH or /usr/lib/postgresql, nor LATCHKEY_TEST_POSTGRES_URL")

// Cluster is a PostgreSQL server of its own, on a port and in a folder of its
// own.
type Cluster struct {
	// URL is its database "postgres".
	URL    string
	bin    string // the folder of the programs
	folder string
	port   int
	who    *syscall.Credential // nil: as we are
	flags  []string
	// guard is held open as long as the server is needed. When this process
	// ends, however it does, it closes, and the server is stopped and removed.
	guard io.WriteCloser
	shell *exec.Cmd
}

// unsafe makes a server quick, and of no use after a crash of the machine. It
// outlives a crash of its own, with every commit that was answered.
var unsafe = []string{"fsync=off", "full_page_writes=off"}

// startCluster makes a server and starts it, with settings beside the usual
// ones.
func startCluster(settings ...string) (*Cluster, error) {
	bin, err := findServer()
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: bin, flags: settings}
	if c.folder, err = os.MkdirTemp(place(len(settings) > 0), "latchkey-postgres-"); err != nil {
		return nil, fmt.Errorf("making a folder for PostgreSQL: %w", err)
	}
	if err := c.init(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.folder))
	}
	if err := c.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.folder))
	}
	return c, nil
}

// memory is where Linux has a file system in memory, and memoryLeast how many bytes
// have to be free there: a few servers fill a tenth of that.
const (
	memory      = "/dev/shm"
	memoryLeast = 4 << 30
)

// place is where the folder of a server is made: in memory, if it is to be quick and
// there is room, else where temporary files go (""). Each database is a thousand files
// that are made and soon removed, over which ext4 spends more time than all tests.
func place(quick bool) string {
	var room syscall.Statfs_t
	if !quick || syscall.Statfs(memory, &room) != nil || room.Bavail*uint64(room.Bsize) < memoryLeast { //nolint:gosec // a size is positive
		return ""
	}
	return memory
}

// findServer returns the folder of PostgreSQL's programs, the newest version's.
func findServer() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if _, err := exec.LookPath("postgres"); err == nil {
			return filepath.Dir(path), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errNoServer
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(strings.Split(path, "/")[4]) // 0 for a folder that is no version
		return n
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(newest), nil
}

// init makes the files of the server. PostgreSQL refuses to run as root, so
// they are given to somebody else then.
func (c *Cluster) init() error {
	if os.Geteuid() == 0 {
		if err := c.giveAway(); err != nil {
			return err
		}
	}
	var err error
	if c.port, err = freePort(); err != nil {
		return err
	}
	c.URL = (&url.URL{
		Scheme: "postgres", User: url.User("latchkey"), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)),
		Path: "/postgres", RawQuery: "sslmode=disable",
	}).String()
	initdb := exec.CommandContext(context.Background(), filepath.Join(c.bin, "initdb"), "--no-sync", "--auth=trust", "--username=latchkey", //nolint:gosec // found above
		"--encoding=UTF8", "--locale=C", "--pgdata="+filepath.Join(c.folder, "data"))
	initdb.Dir, initdb.SysProcAttr = c.folder, &syscall.SysProcAttr{Credential: c.who}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("making a PostgreSQL server: %w\n%s", err, out)
	}
	return nil
}

// giveAway gives the folder to a user without rights.
func (c *Cluster) giveAway() error {
	for _, name := range []string{"postgres", "nobody"} {
		who, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(who.Uid, 10, 32)
		if err != nil {
			return fmt.Errorf("reading the ID of the user %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(who.Gid, 10, 32)
		if err != nil {
			return fmt.Errorf("reading the group of the user %s: %w", name, err)
		}
		c.who = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return os.Chown(c.folder, int(uid), int(gid))
	}
	return errors.New("PostgreSQL doesn't run as root, and there is neither a user postgres nor nobody")
}

// freePort asks the system for a port that nobody uses.
func freePort() (int, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("looking for a port for PostgreSQL: %w", err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

// run is the shell's part: it starts the server, waits until its input closes,
// and then stops it; with "remove" it takes the folder away, too.
const run = `"$@" & server=$!
read -r end
kill -QUIT $server 2>/dev/null
wait $server
[ "$end" = keep ] || rm -rf "$FOLDER"`

// Start starts the server, also after Stop, and returns when it answers.
func (c *Cluster) Start() error {
	args := []string{
		"-c", run, "sh", filepath.Join(c.bin, "postgres"), "-D", filepath.Join(c.folder, "data"), "-k", c.folder,
		"-h", "127.0.0.1", "-p", strconv.Itoa(c.port), "-c", "max_connections=200",
	}
	for _, setting := range c.flags {
		args = append(args, "-c", setting)
	}
	// No test's context: the server outlives the test that needed it first.
	c.shell = exec.CommandContext(context.Background(), "sh", args...) //nolint:gosec // the arguments are ours
	c.shell.Dir, c.shell.Env = c.folder, append(os.Environ(), "FOLDER="+c.folder)
	// A group of its own: what interrupts the tests must not end the shell before
	// it has cleaned up.
	c.shell.SysProcAttr = &syscall.SysProcAttr{Credential: c.who, Setpgid: true}
	var err error
	if c.guard, err = c.shell.StdinPipe(); err != nil {
		return fmt.Errorf("guarding PostgreSQL: %w", err)
	}
	log, err := c.shell.StderrPipe()
	if err != nil {
		return fmt.Errorf("listening to PostgreSQL: %w", err)
	}
	if err := c.shell.Start(); err != nil {
		return fmt.Errorf("starting PostgreSQL: %w", err)
	}
	return awaitReady(log)
}

// awaitReady reads the server's log until it says that it is ready, and the
// rest of it to nowhere.
func awaitReady(log io.Reader) error {
	var said strings.Builder
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "ready to accept connections") {
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return nil
		}
	}
	return fmt.Errorf("PostgreSQL didn't start:\n%s", said.String())
}

// Stop stops the server at once, as a crash would; Start starts it again.
func (c *Cluster) Stop() error { return c.end("keep\n") }

// Remove stops the server and takes its files away.
func (c *Cluster) Remove() error { return c.end("\n") }

func (c *Cluster) end(word string) error {
	if _, err := io.WriteString(c.guard, word); err != nil {
		return fmt.Errorf("stopping PostgreSQL: %w", err)
	}
	// The status is that of a server that was told to quit.
	_ = c.shell.Wait()
	return nil
}

// Database makes a database and returns its URL.
func (c *Cluster) Database(t testing.TB, name string) string {
	t.Helper()
	s := &server{url: c.URL}
	if err := s.exec("CREATE DATABASE " + pq.QuoteIdentifier(name)); err != nil {
		t.Fatalf("making a database: %v", err)
	}
	return s.database(name)
}

// Program returns the path of one of PostgreSQL's programs, such as "psql".
func (c *Cluster) Program(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	return filepath.Join(c.bin, name)
}
