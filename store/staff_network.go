package store

import (
	"context"
	"net/netip"

	"github.com/latchkey-bot/latchkey/actions"
)

var staffNetworks = kindOf("staff_network",
	compared("staff_networks", "cidr", "note", ""),
	func(n actions.StaffNetwork) string { return n.CIDR },
	func(to []any, n actions.StaffNetwork) []any { return append(to, n.CIDR, n.Note) })

// staffPrefixes reads the networks whose attempts never count.
func staffPrefixes(ctx context.Context, q queryer) ([]netip.Prefix, error) {
	var cidrs []string
	if err := q.SelectContext(ctx, &cidrs, `SELECT cidr FROM staff_networks ORDER BY cidr`); err != nil {
		return nil, failed("reading the staff's networks", err)
	}
	prefixes := make([]netip.Prefix, 0, len(cidrs))
	for _, cidr := range cidrs {
		if prefix, ok := (actions.StaffNetwork{CIDR: cidr}).Prefix(); ok {
			prefixes = append(prefixes, prefix)
		}
	}
	return prefixes, nil
}
