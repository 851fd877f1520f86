package actions

import "net/netip"

// StaffNetwork is a network of the company's own staff. Attempts from it are
// shown but never count, so that a "test" login neither hides the cause nor
// looks like sharing (RULES S0.4).
type StaffNetwork struct {
	CIDR string // as given
	Note string
}

// Prefix returns the network, a lone address as a network of one; ok is false
// when CIDR can't be read.
func (n StaffNetwork) Prefix() (prefix netip.Prefix, ok bool) {
	prefix, err := netip.ParsePrefix(n.CIDR)
	if err != nil {
		addr, err := netip.ParseAddr(n.CIDR)
		if err != nil {
			return netip.Prefix{}, false
		}
		prefix = netip.PrefixFrom(addr, addr.BitLen())
	}
	if addr := prefix.Addr(); addr.Is4In6() && prefix.Bits() >= 96 {
		prefix = netip.PrefixFrom(addr.Unmap(), prefix.Bits()-96)
	}
	return prefix.Masked(), true
}

// NetworkOf returns the network that an address belongs to for diagnosis: /24
// of IPv4, /48 of IPv6, the zero Prefix for the zero Addr.
func NetworkOf(addr netip.Addr) netip.Prefix {
	if !addr.IsValid() {
		return netip.Prefix{}
	}
	bits := 48
	if addr.Is4() {
		bits = 24
	}
	prefix, _ := addr.Prefix(bits) // fails only for bits out of range
	return prefix
}

// FromStaff reports whether an attempt came from one of the staff's networks.
func FromStaff(networks []netip.Prefix, a Attempt) bool {
	if len(networks) == 0 {
		return false
	}
	addr := a.Addr()
	for _, network := range networks {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}
