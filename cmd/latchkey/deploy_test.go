package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// deployed reads a file that says how a server is run.
func deployed(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// lines are those that aren't comments, those that go on joined.
func lines(text string) []string {
	var all []string
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all
}

var variablePattern = regexp.MustCompile(`LATCHKEY_[A-Z0-9_]+`)

// TestDeployNames: every variable in the files exists.
func TestDeployNames(t *testing.T) {
	t.Parallel()
	known := variables()
	for name, least := range map[string]int{"Dockerfile": 3, "latchkey.service": 4, "latchkey.env": 15, "README.md": 8} {
		found := variablePattern.FindAllString(deployed(t, name), -1)
		for _, variable := range found {
			if !slices.Contains(known, variable) && !slices.Contains(known, strings.TrimSuffix(variable, fileSuffix)) {
				t.Errorf("%s names %s, which there isn't", name, variable)
			}
		}
		if len(found) < least {
			t.Errorf("%s names %v", name, found)
		}
	}
}

// TestDeployCommands: what the files start is a command with its flags.
func TestDeployCommands(t *testing.T) {
	t.Parallel()
	started := regexp.MustCompile(`(?m)(?:^ExecStart=/usr/local/bin/|\["/usr/local/bin/)latchkey"?,?([^\n\]]*)`)
	found := map[string]int{}
	for _, name := range []string{"Dockerfile", "latchkey.service"} {
		for _, match := range started.FindAllStringSubmatch(deployed(t, name), -1) {
			args := strings.Fields(strings.NewReplacer(`"`, " ", ",", " ").Replace(match[1]))
			if len(args) == 0 { // the entry point, to which CMD is added
				args = []string{"serve"}
			}
			if _, err := parse(args, terminal{}); err != nil {
				t.Errorf("%s starts %q: %v", name, args, err)
			}
			found[strings.Join(args, " ")]++
		}
	}
	if found["serve"] != 2 || found["doctor --alive"] != 1 {
		t.Errorf("they start %v", found)
	}
}

// manuals are where operators read what to type.
var manuals = []string{"deploy/README.md", "../../README.md"}

// shellBlocks are the blocks of a manual that are typed into a shell and have a word.
func shellBlocks(t *testing.T, manual, word string) []string {
	t.Helper()
	content, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for i, part := range strings.Split(string(content), "```") {
		if _, block, found := strings.Cut(part, "\n"); i%2 == 1 && found && strings.Contains(block, word) {
			all = append(all, block)
		}
	}
	return all
}

// TestBuildArguments: an image that is built as the manuals say knows its version, commit
// and date.
func TestBuildArguments(t *testing.T) {
	t.Parallel()
	wanted := regexp.MustCompile(`([A-Z]+)=""`).FindAllStringSubmatch(regexp.MustCompile(`(?m)^ARG .*$`).FindString(deployed(t, "Dockerfile")), -1)
	if len(wanted) != 3 {
		t.Fatalf("it takes %v", wanted)
	}
	for _, manual := range manuals {
		blocks := shellBlocks(t, manual, "docker build")
		if len(blocks) != 1 {
			t.Errorf("%s builds an image %d times", manual, len(blocks))
		}
		for _, block := range blocks {
			for _, argument := range wanted {
				if !strings.Contains(block, "--build-arg "+argument[1]+"=") {
					t.Errorf("%s builds an image without %s", manual, argument[1])
				}
			}
		}
	}
}

// TestRehearsal types a rehearsal of a restore as the manuals have it: it looks at the
// copy, and what is typed later goes to the database again.
func TestRehearsal(t *testing.T) {
	t.Parallel()
	for _, manual := range manuals {
		blocks := shellBlocks(t, manual, "rehearsal.db")
		if len(blocks) != 1 {
			t.Errorf("%s rehearses %d times", manual, len(blocks))
		}
		for _, block := range blocks {
			folder := t.TempDir()
			for _, program := range []string{"latchkey", "cp", "rm"} {
				said := "#!/bin/sh\necho " + program + ` "$@" with "$LATCHKEY_DATABASE_URL"` + "\n"
				if err := os.WriteFile(filepath.Join(folder, program), []byte(said), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			shell := exec.CommandContext(t.Context(), "sh", "-e", "-c", block+"\nlatchkey import later")
			shell.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), "LATCHKEY_DATABASE_URL=before")
			out, err := shell.CombinedOutput()
			said := string(out)
			if err != nil || !strings.Contains(said, "latchkey audit verify with sqlite:/tmp/rehearsal.db\n") ||
				!regexp.MustCompile(`latchkey diagnose \S+ with sqlite:/tmp/rehearsal.db\n`).MatchString(said) {
				t.Errorf("%s: %v, %s", manual, err, said)
			}
			if !strings.HasSuffix(said, "latchkey import later with before\n") {
				t.Errorf("%s leaves the shell at another database: %s", manual, said)
			}
		}
	}
}

// TestDockerfile: the bases are pinned, the binary is static and knows what it was built
// of, and the last stage has no shell and no root.
func TestDockerfile(t *testing.T) {
	t.Parallel()
	file := deployed(t, "Dockerfile")
	var bases []string
	last := ""
	for _, line := range lines(file) {
		if base, from := strings.CutPrefix(line, "FROM "); from {
			bases = append(bases, strings.Fields(base)[0])
			last = ""
			continue
		}
		last += line + "\n"
	}
	if len(bases) != 2 || !regexp.MustCompile(`^golang:\d+\.\d+\.\d+-[a-z0-9.]+$`).MatchString(bases[0]) || bases[1] != "scratch" {
		t.Errorf("the bases are %v", bases)
	}
	for _, want := range []string{"CGO_ENABLED=0", "-trimpath", "go mod verify"} {
		if !strings.Contains(file, want) {
			t.Errorf("it is built without %s", want)
		}
	}
	for _, want := range []string{
		"/etc/ssl/certs/ca-certificates.crt", "USER 65532:65532\n", "--chown=65532:65532", "HEALTHCHECK ", `"doctor", "--alive"`,
		`CMD ["serve"]`, "VOLUME /var/lib/latchkey\n", "STOPSIGNAL SIGTERM\n",
	} {
		if !strings.Contains(last, want) {
			t.Errorf("the image lacks %q", want)
		}
	}
	for _, forbidden := range []string{"RUN ", "ADD ", "USER root", "USER 0", "_TOKEN=", "_SECRET=", "_KEY="} {
		if strings.Contains(last, forbidden) {
			t.Errorf("the image has %q", forbidden)
		}
	}
	source, err := os.ReadFile("version.go")
	if err != nil {
		t.Fatal(err)
	}
	told := regexp.MustCompile(`-X main\.(\w+)=`).FindAllStringSubmatch(file, -1)
	for _, name := range told {
		if !regexp.MustCompile(`(?m)^var .*\b` + name[1] + `\b.* string$`).Match(source) {
			t.Errorf("there is no variable %s to be told", name[1])
		}
	}
	if len(told) != 3 {
		t.Errorf("it is told %v", told)
	}
}

// directives are a unit's, by section and name.
func directives(unit string) map[string][]string {
	all, section := map[string][]string{}, ""
	for _, line := range lines(unit) {
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[]")
			continue
		}
		name, value, _ := strings.Cut(line, "=")
		all[section+"."+name] = append(all[section+"."+name], value)
	}
	return all
}

// TestUnit: the service may do what it needs, and nothing else; no secret stands in it.
func TestUnit(t *testing.T) {
	t.Parallel()
	unit := directives(deployed(t, "latchkey.service"))
	for name, want := range map[string]string{
		"DynamicUser": "yes", "StateDirectory": "latchkey", "StateDirectoryMode": "0700", "UMask": "0077", "NoNewPrivileges": "yes",
		"CapabilityBoundingSet": "", "AmbientCapabilities": "", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
		"PrivateDevices": "yes", "PrivateUsers": "yes", "ProtectClock": "yes", "ProtectControlGroups": "yes", "ProtectHostname": "yes",
		"ProtectKernelLogs": "yes", "ProtectKernelModules": "yes", "ProtectKernelTunables": "yes", "ProtectProc": "invisible",
		"RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX", "RestrictNamespaces": "yes", "RestrictRealtime": "yes",
		"RestrictSUIDSGID": "yes", "LockPersonality": "yes", "MemoryDenyWriteExecute": "yes", "SystemCallArchitectures": "native",
		"LimitCORE": "0", "Restart": "on-failure", "RestartPreventExitStatus": "2", "EnvironmentFile": "/etc/latchkey/latchkey.env",
	} {
		if got := unit["Service."+name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := unit["Service.SystemCallFilter"]; !slices.Equal(got, []string{"@system-service", "~@privileged @resources"}) {
		t.Errorf("it may call %q", got)
	}
	credentials := map[string]bool{}
	for _, value := range unit["Service.LoadCredential"] {
		name, _, _ := strings.Cut(value, ":")
		credentials[name] = true
	}
	for _, value := range unit["Service.Environment"] {
		if file, secret := regexp.MustCompile(`_FILE=%d/(\S+)`).FindStringSubmatch(value), strings.Contains(value, fileSuffix); secret && (file == nil || !credentials[file[1]]) {
			t.Errorf("%s is no credential", value)
		}
	}
	if len(credentials) != 3 {
		t.Errorf("its credentials are %v", credentials)
	}
}

// TestUnitVerifies has systemd itself read the unit, where there is one.
func TestUnitVerifies(t *testing.T) {
	t.Parallel()
	unit := deployed(t, "latchkey.service")
	if strings.Count(unit, "ExecStart=/usr/local/bin/latchkey ") != 1 {
		t.Error("the unit doesn't start the program")
	}
	systemd, err := exec.LookPath("systemd-analyze")
	if err != nil {
		return // TestUnit has read it
	}
	path := filepath.Join(t.TempDir(), "latchkey.service")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(unit, "/usr/local/bin/latchkey", self, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), systemd, "verify", path).CombinedOutput(); err != nil || strings.Contains(string(out), path) {
		t.Errorf("systemd says: %s (%v)", out, err)
	}
}

// TestEnvironmentFile: a server takes the settings as they stand in the file, and no
// secret is among them.
func TestEnvironmentFile(t *testing.T) {
	t.Parallel()
	secret := regexp.MustCompile(`_(TOKEN|SECRET|KEY|PASSWORD|SECRET_KEY|SMTP_URL|DATABASE_URL)$`)
	config := Config{Judging: Judging{LockAfter: "3", IdleAfter: "3"}, Slack: Slack{SlackAPIURL: "https://slack.com/api/"}}
	for _, line := range lines(deployed(t, "latchkey.env")) {
		name, value, found := strings.Cut(line, "=")
		if !found || value == "" || secret.MatchString(name) || !setByVariable(reflect.ValueOf(&config).Elem(), name, value) {
			t.Errorf("%q isn't a setting that belongs there", line)
		}
	}
	if err := config.Verify(); err != nil {
		t.Error(err)
	}
	if config.behindStranger() || config.PublicURL == "" || config.Leads == "" {
		t.Errorf("the settings are %+v", config.People)
	}
}

// setByVariable sets the field of a variable.
func setByVariable(config reflect.Value, name, value string) bool {
	for i := range config.NumField() {
		switch field := config.Type().Field(i); {
		case field.Tag.Get("env") == name:
			config.Field(i).SetString(value)
			return true
		case field.Type.Kind() == reflect.Struct && setByVariable(config.Field(i), name, value):
			return true
		}
	}
	return false
}
