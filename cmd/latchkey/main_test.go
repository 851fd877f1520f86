package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts under testdata run the command as people do.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"latchkey": main})
}

// TestScripts runs the scripts: what a person types at a terminal, and reads.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("LATCHKEY_DATABASE_URL", "sqlite:"+env.WorkDir+"/latchkey.db")
			env.Setenv("KEY", "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
			env.Setenv("OTHER_KEY", "k1:YWJjZGVmZ2hpamtsbW5vcGFiY2RlZmdoaWprbG1ub3A=")
			env.Setenv("HOME", env.WorkDir)
			return nil
		},
	})
}
