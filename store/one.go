package store

import "context"

// all reads rows by q and makes something of each.
func all[R, T any](ctx context.Context, q queryer, made func(R) T, query string, args ...any) ([]T, error) {
	var rows []R
	if err := q.SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	found := make([]T, len(rows))
	for i, row := range rows {
		found[i] = made(row)
	}
	return found, nil
}

// one is the first of what was found, nil when nothing was.
func one[T any](found []T, err error) (*T, error) {
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// given is what was found, or the error missing when nothing was.
func given[T any](found *T, err, missing error, doing string) (T, error) {
	var none T
	switch {
	case err != nil:
		return none, failed(doing, err)
	case found == nil:
		return none, missing
	}
	return *found, nil
}

// perhaps is what was found, and whether anything was.
func perhaps[T any](found *T, err error, doing string) (T, bool, error) {
	var none T
	if err != nil || found == nil {
		return none, false, failed(doing, err)
	}
	return *found, true, nil
}

// counted asks for a number.
func counted(ctx context.Context, q queryer, query string, args ...any) (int, error) {
	var n []int
	err := q.SelectContext(ctx, &n, query, args...)
	if err != nil || len(n) == 0 {
		return 0, err
	}
	return n[0], nil
}
