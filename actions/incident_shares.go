package actions

import "context"

// The bounds of what the customers of an incident have in common.
const (
	shareSample = 1000 // customers that are looked at, who failed last first
	sharesMost  = 4
	clientShown = 100 // characters of a user agent
)

// shareOf names what an attempt may share with others, "" for nothing; the most telling
// first. Accounts come between networks and clients.
var shareOf = []struct {
	kind ShareKind
	of   func(Attempt) string
}{
	{ShareNetwork, func(a Attempt) string {
		if network := a.Network(); network.IsValid() {
			return network.String()
		}
		return ""
	}},
	{ShareAccount, nil},
	{ShareClient, func(a Attempt) string { return a.UserAgent }},
	{ShareVPN, func(a Attempt) string {
		if a.VPN {
			return "a VPN"
		}
		return ""
	}},
	{ShareCountry, func(a Attempt) string { return a.Country }},
}

// sharesOf looks for what four in five or more of an incident's customers have in common.
// Errors: Unavailable.
func (a *Actions) sharesOf(ctx context.Context, i Incident) ([]Share, error) {
	customers, err := a.Store.IncidentCustomers(ctx, i.Outcome, i.At, i.SeenAt, shareSample)
	if err != nil || len(customers) == 0 {
		return nil, err
	}
	who, users := make([]string, len(customers)), []string{}
	for n, c := range customers {
		who[n] = c.Who
		if c.UserID != "" {
			users = append(users, c.UserID)
		}
	}
	found, err := a.Store.IncidentTraces(ctx, i.Outcome, who, i.At, i.SeenAt)
	if err != nil {
		return nil, err
	}
	traces := map[string][]Attempt{}
	for _, trace := range found {
		traces[trace.Who] = append(traces[trace.Who], trace.Attempt)
	}
	account, err := a.sharedAccount(ctx, users)
	if err != nil {
		return nil, err
	}
	var shares []Share
	for _, of := range shareOf {
		share := account
		if of.of != nil {
			share = mostShared(of.kind, of.of, customers, traces)
		}
		if 5*share.Customers >= 4*len(customers) && len(shares) < sharesMost {
			share.Customers = share.Customers * max(i.Customers, len(customers)) / len(customers) // of all, when some were looked at
			shares = append(shares, share)
		}
	}
	return shares, nil
}

// sharedAccount is the account that most of the users are members of.
func (a *Actions) sharedAccount(ctx context.Context, users []string) (Share, error) {
	account, members, _, err := a.Store.SharedAccount(ctx, users)
	account = NewMasker("").account(account)
	return Share{Kind: ShareAccount, What: account.Name, ID: account.ID, Customers: members}, err
}

// mostShared is what most customers share of one kind.
func mostShared(kind ShareKind, of func(Attempt) string, customers []IncidentCustomer, traces map[string][]Attempt) Share {
	counts := map[string]int{}
	for _, c := range customers {
		seen := map[string]bool{}
		for _, attempt := range traces[c.Who] {
			if what := of(attempt); what != "" && !seen[what] {
				seen[what] = true
				counts[what]++
			}
		}
	}
	most := Share{Kind: kind}
	for what, n := range counts {
		if n > most.Customers || n == most.Customers && what < most.What {
			most.What, most.Customers = what, n
		}
	}
	if characters := []rune(most.What); len(characters) > clientShown {
		most.What = string(characters[:clientShown-1]) + "…"
	}
	return most
}
