package main

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// bulkCrash tells a process of this test what to approve, and at which step to end: the nth
// time that it comes there.
type bulkCrash struct {
	Database, Approval, Step string
	Nth                      int
	Now                      time.Time
}

// bulkEndings are the steps at which a process ends: of the whole, and of the third
// customer.
var bulkEndings = map[string]int{
	"bulk_unlock:intent": 1, "bulk_unlock:unlocked": 1, "bulk_unlock:outcome": 1, "bulk_unlock:done": 1,
	"unlock:intent": 3, "unlock:unlocked": 3, "unlock:outcome": 3, "unlock:done": 3,
}

// TestBulkUnlockWhenAProcessEnds kills a process at each step of a bulk unlock, and has
// another carry on: each customer is unlocked once, nobody is forgotten, and the audit
// tells it once.
func TestBulkUnlockWhenAProcessEnds(t *testing.T) {
	t.Parallel()
	if told := os.Getenv(crashVariable); told != "" {
		endAtBulkStep(t, told)
		return
	}
	for _, step := range actions.Steps() {
		if nth, ends := bulkEndings[step]; ends {
			t.Run("sqlite/"+step, func(t *testing.T) { t.Parallel(); endsBulkAt(t, storetest.SQLiteURL(t), step, nth) })
		}
	}
	for _, step := range []string{"unlock:intent", "unlock:unlocked"} { // where something is touched
		t.Run("postgres/"+step, func(t *testing.T) { t.Parallel(); endsBulkAt(t, storetest.PostgresURL(t), step, bulkEndings[step]) })
	}
}

// endsBulkAt has a process end at the step, and others carry on.
func endsBulkAt(t *testing.T, databaseURL, step string, nth int) {
	w := openWard(t, databaseURL)
	op, approval := w.asksBulk(w.crowded(12))
	w.pass(time.Minute)
	killAt(t, "TestBulkUnlockWhenAProcessEnds", bulkCrash{Database: databaseURL, Approval: approval, Step: step, Nth: nth, Now: w.clock()})
	w.sweepsBulk()
	w.wantBulk(op, 12)
}

// endAtBulkStep is the process that ends.
func endAtBulkStep(t *testing.T, told string) {
	var c bulkCrash
	if err := json.Unmarshal([]byte(told), &c); err != nil {
		t.Fatal(err)
	}
	w := reopenWard(t, c.Database, c.Now)
	w.actions.Reached = func(step string) {
		if step == c.Step {
			c.Nth--
		}
		if step == c.Step && c.Nth == 0 {
			endProcess(t)
		}
	}
	_, err := w.actions.Approve(t.Context(), w.as("ULEAD"), c.Approval)
	t.Fatalf("%s was never reached: %v", c.Step, err)
}
