package actions

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"
)

// Tally counts what an import did with the records of each kind.
type Tally map[string]Count

// Count counts records: stored for the first time, changed, and identical to
// what was there.
type Count struct {
	New       int `json:"new"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
}

// Imported says what an import did, as it is printed and sent.
type Imported struct {
	Imported int   `json:"imported"` // records taken, those that changed nothing included
	Skipped  int   `json:"skipped"`  // bad lines left out
	Records  Tally `json:"records"`
}

// Add adds the counts of other.
func (t Tally) Add(other Tally) {
	for kind, n := range other {
		sum := t[kind]
		sum.New += n.New
		sum.Changed += n.Changed
		sum.Unchanged += n.Unchanged
		t[kind] = sum
	}
}

// Total returns how many records were taken in all.
func (t Tally) Total() int {
	total := 0
	for _, n := range t {
		total += n.New + n.Changed + n.Unchanged
	}
	return total
}

// Import says how records are taken in.
type Import struct {
	// Lines yields the records of all sources in order; a *BadLine error for a
	// line that isn't one, any other error when a source can't be read.
	Lines iter.Seq2[Record, error]
	// Skip is called for each bad line, whose record is then left out. Nil: one
	// bad line rejects the whole import.
	Skip func(*BadLine)
	// Progress, if set, is called now and then with the number of records read.
	Progress func(records int)
}

// batchSize is how many records go to the store at once.
const batchSize = 2000

// Import takes in records, all or nothing: what one bad line rejects leaves
// the directory as it was. Importing the same twice changes nothing. Memory
// stays flat however long the input is. With a key the import is a row of the
// audit.
//
// Errors: *BadLine for the line that rejected the import, Unavailable when the
// database doesn't answer.
func (a *Actions) Import(ctx context.Context, call Call, in Import) (Tally, error) {
	var tally Tally
	err := a.Store.Import(ctx, func(tx ImportTx) error {
		run := importRun{tx: tx, in: in, at: Instant(a.Now()), stored: a.tellOfContacts, tally: Tally{}, known: map[string]bool{}, held: map[string]*spool{}}
		defer run.close()
		if err := run.all(ctx); err != nil {
			return err
		}
		tally = run.tally
		if !a.Store.Keyed() {
			return nil
		}
		entry := AuditEntry{At: Instant(a.Now()), Act: ActImport, Outcome: ActDone, Detail: count(tally.Total(), "record", "records")}
		return a.record(ctx, tx, call, entry)
	})
	return tally, err
}

// importRun is one import under way.
type importRun struct {
	tx    ImportTx
	in    Import
	at    time.Time
	tally Tally
	batch []Record
	read  int
	// stored is called after each batch, with its transaction.
	stored func(context.Context, ImportTx) error
	// known are references that exist, at most knownLimit of them.
	known map[string]bool
	// held keeps, by kind, the records from the first on that points to nobody
	// yet: a reference may point forward, and later records of the kind must
	// not overtake it.
	held map[string]*spool
}

// knownLimit bounds the memory of references that exist.
const knownLimit = 100_000

func (r *importRun) all(ctx context.Context) error {
	for record, err := range r.in.Lines {
		if err != nil {
			if err := r.bad(err); err != nil {
				return err
			}
			continue
		}
		r.read++
		if r.batch = append(r.batch, record); len(r.batch) == batchSize {
			if err := r.flush(ctx); err != nil {
				return err
			}
		}
	}
	if err := r.flush(ctx); err != nil {
		return err
	}
	return r.release(ctx)
}

// bad hands a bad line to Skip, or returns the error that rejects the import.
func (r *importRun) bad(err error) error {
	var line *BadLine
	if r.in.Skip == nil || !errors.As(err, &line) {
		return err
	}
	r.in.Skip(line)
	return nil
}

// flush stores the batch: first those that others may point to, then those
// whose references exist; the rest is held back.
func (r *importRun) flush(ctx context.Context) error {
	var roots, pointing []Record
	for _, record := range r.batch {
		switch record.Body.(type) {
		case Account, User, Suppression, StaffNetwork:
			roots = append(roots, record)
		default:
			pointing = append(pointing, record)
		}
	}
	r.batch = r.batch[:0]
	if err := r.put(ctx, roots); err != nil {
		return err
	}
	missing, err := r.missing(ctx, pointing)
	if err != nil {
		return err
	}
	ready := pointing[:0]
	for _, record := range pointing {
		kind := record.Kind()
		if r.held[kind] == nil && missing.field(record) == "" {
			ready = append(ready, record)
		} else if err := r.hold(kind, record); err != nil {
			return err
		}
	}
	if r.in.Progress != nil {
		r.in.Progress(r.read)
	}
	return r.put(ctx, ready)
}

func (r *importRun) hold(kind string, record Record) error {
	if r.held[kind] == nil {
		s, err := newSpool()
		if err != nil {
			return err
		}
		r.held[kind] = s
	}
	return r.held[kind].write(record)
}

// release stores what was held back; what still points to nobody is bad.
func (r *importRun) release(ctx context.Context) error {
	for _, kind := range slices.Sorted(maps.Keys(r.held)) {
		err := r.held[kind].batches(func(batch []Record) error {
			missing, err := r.missing(ctx, batch)
			if err != nil {
				return err
			}
			ready := batch[:0]
			for _, record := range batch {
				if field := missing.field(record); field == "" {
					ready = append(ready, record)
				} else if err := r.bad(dangling(record, field)); err != nil {
					return err
				}
			}
			return r.put(ctx, ready)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func dangling(record Record, field string) *BadLine {
	user, account := record.References()
	id, problem := user, "names no user of the directory or of this import"
	if field == "account_id" {
		id, problem = account, "names no account of the directory or of this import"
	}
	return &BadLine{File: record.File, Line: record.Line, Field: field, Problem: problem, Value: fmt.Sprintf("%.40s", id)}
}

// field names the field of the record that points to nobody, "" for none.
func (m Missing) field(record Record) string {
	user, account := record.References()
	switch {
	case user != "" && m.Users[user]:
		return "user_id"
	case account != "" && m.Accounts[account]:
		return "account_id"
	}
	return ""
}

// missing asks which references of the records lead nowhere.
func (r *importRun) missing(ctx context.Context, records []Record) (Missing, error) {
	users, accounts := map[string]bool{}, map[string]bool{}
	for _, record := range records {
		user, account := record.References()
		if user != "" && !r.known["u:"+user] {
			users[user] = true
		}
		if account != "" && !r.known["a:"+account] {
			accounts[account] = true
		}
	}
	if len(users) == 0 && len(accounts) == 0 {
		return Missing{}, nil
	}
	missing, err := r.tx.Missing(ctx, slices.Sorted(maps.Keys(users)), slices.Sorted(maps.Keys(accounts)))
	if err != nil {
		return Missing{}, err
	}
	r.remember("u:", users, missing.Users)
	r.remember("a:", accounts, missing.Accounts)
	return missing, nil
}

// remember keeps the references that exist.
func (r *importRun) remember(prefix string, asked, missing map[string]bool) {
	if len(r.known) > knownLimit {
		clear(r.known)
	}
	for id := range asked {
		if !missing[id] {
			r.known[prefix+id] = true
		}
	}
}

// put stores records, and gives attempts without an ID one.
func (r *importRun) put(ctx context.Context, records []Record) error {
	if len(records) == 0 {
		return nil
	}
	if err := r.identify(ctx, records); err != nil {
		return err
	}
	for i := range records {
		records[i].TakenAt = r.at
	}
	tally, err := r.tx.Put(ctx, records)
	if err != nil {
		return err
	}
	r.tally.Add(tally)
	return r.stored(ctx, r.tx)
}

// identify makes the IDs of attempts that came without one. Equal ones are
// counted for each source by itself: a file counts the same alone and beside
// others.
func (r *importRun) identify(ctx context.Context, records []Record) error {
	var nameless []int
	var fingerprints, counted []string
	for i, record := range records {
		if attempt, ok := record.Body.(Attempt); ok && attempt.ID == "" {
			nameless, fingerprints = append(nameless, i), append(fingerprints, attempt.Fingerprint())
			// The time stands first, so that what comes in the order of time lies side
			// by side where it is counted.
			counted = append(counted, fmt.Sprintf("%016x:%d:%s", attempt.At.UnixMicro(), record.Source, fingerprints[len(fingerprints)-1]))
		}
	}
	if nameless == nil {
		return nil
	}
	positions, err := r.tx.Positions(ctx, counted)
	if err != nil {
		return err
	}
	for n, i := range nameless {
		attempt := records[i].Body.(Attempt)
		attempt.ID = MadeID(fingerprints[n], positions[n])
		records[i].Body = attempt
	}
	return nil
}

func (r *importRun) close() {
	for _, s := range r.held {
		s.close()
	}
}
