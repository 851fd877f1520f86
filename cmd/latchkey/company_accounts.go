package main

import (
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// account is one of the companies whose people log in.
type account struct {
	id, name, domain string
	gateways         []string
	status           actions.AccountStatus
	reason           string // of the status
	brand            string // the name by which its people know the product
	home             string // the locale of most of its people
	weight           int    // how much of the crowd belongs to it
}

// The product's two brands.
const (
	skylark       = "Skylark"
	skylarkDirect = "Skylark Direct"
)

// accounts is every account; the residents' own come with few others.
var accounts = []account{
	{"acme", "Acme Ltd", "acme.example", []string{"GW1001", "GW1002"}, actions.AccountActive, "", skylark, "en-AU", 22},
	{"harborline", "Harborline Logistics", "harborline.example", []string{"GW1010"}, actions.AccountActive, "", skylark, "en-AU", 16},
	{"kowhai", "Kōwhai Health", "kowhai.example", []string{"GW1020"}, actions.AccountActive, "", skylark, "en-NZ", 10},
	{"pennine", "Pennine Outdoor plc", "pennine.example", []string{"GW1030"}, actions.AccountActive, "", skylark, "en-GB", 14},
	{"redwood", "Redwood County Schools", "redwood.example", []string{"GW1040", "GW1041"}, actions.AccountActive, "", skylark, "en-US", 18},
	{"okafor", "Okafor & Partners", "okafor.example", []string{"GW1050"}, actions.AccountActive, "", skylark, "en-NG", 8},
	{"sundara", "Sundara Systems", "sundara.example", []string{"GW1060"}, actions.AccountTrial, "", skylark, "en-IN", 10},
	{"nordlicht", "Nordlicht Energie GmbH", "nordlicht.example", []string{"GW2001"}, actions.AccountActive, "", skylarkDirect, "de-DE", 14},
	{"alpenglueck", "Alpenglück Reisen AG", "alpenglueck.example", []string{"GW2002"}, actions.AccountActive, "", skylarkDirect, "de-CH", 6},
	{"lumiere", "Maison Lumière SARL", "lumiere.example", []string{"GW2010"}, actions.AccountActive, "", skylarkDirect, "fr-FR", 9},
	{"boreale", "Coopérative Boréale", "boreale.example", []string{"GW2011"}, actions.AccountTrial, "", skylarkDirect, "fr-CA", 5},
	{"solaria", "Solaria Ibérica S.L.", "solaria.example", []string{"GW2020"}, actions.AccountActive, "", skylarkDirect, "es-ES", 9},
	{"ipanema", "Ipanema Alimentos S.A.", "ipanema.example", []string{"GW2030"}, actions.AccountActive, "", skylarkDirect, "pt-BR", 9},
	{"cedar", "Cedar & Vine Catering", "cedar.example", []string{"GW3001"}, actions.AccountCancelled, "bad_credit", skylark, "en-AU", 1},
	{"brightpath", "Brightpath Tutoring", "brightpath.example", []string{"GW3002"}, actions.AccountTrialExpired, "", skylark, "en-US", 1},
	{"tidewater", "Tidewater Rentals", "tidewater.example", []string{"GW3003"}, actions.AccountPaymentHold, "unpaid", skylark, "en-GB", 1},
}

// accountOf returns the account with the ID.
func accountOf(id string) *account {
	for i := range accounts {
		if accounts[i].id == id {
			return &accounts[i]
		}
	}
	panic("the demo's company has no account " + id)
}

// open reports whether the account lets its people in.
func (a *account) open() bool { return actions.Account{Status: a.status}.Open() }

// closedFor is how long an account that is cancelled has been closed.
const closedFor = 6 * 24 * time.Hour

// record is the account as it is written down.
func (a *account) record(now time.Time) map[string]any {
	fields := map[string]any{
		"id": a.id, "name": a.name, "status": a.status, "gateway_ids": a.gateways, "brand": a.brand,
		"owner": "lena.brandt@skylark.example", "created_at": now.AddDate(-3, 0, 0),
	}
	if a.reason != "" {
		fields["status_reason"] = a.reason
	}
	if a.status == actions.AccountCancelled {
		fields["closed_at"] = now.Add(-closedFor)
	}
	return present("account", fields)
}
