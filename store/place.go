package store

import "context"

// blockBits is the size of a block of places in the order of import.
const blockBits = 20

// places hands out places in the order of import: the number of a block, from
// the database, and a number within it. So imports that run at once don't wait
// for each other's numbers.
type places struct {
	block int64 // 0 before the first
	used  int64 // of the block
}

// place returns the next place.
func (t *importTx) place(ctx context.Context) (int64, error) {
	if t.places.block == 0 || t.places.used == 1<<blockBits {
		if err := t.GetContext(ctx, &t.places.block, t.store.dialect.nextBlock); err != nil {
			return 0, failed("taking places in the order of import", err)
		}
		t.places.used = 0
	}
	seq := t.places.block<<blockBits | t.places.used
	t.places.used++
	return seq, nil
}
