package main

import (
	"github.com/latchkey-bot/latchkey/actions"
)

// equip gives the use cases what they reach customers with, and the company's
// own words. A template that can't be used stops the start with its file and
// line.
func (c *Config) equip(a *actions.Actions) error {
	a.Brand, a.Closing, a.LoginURL, a.PublicURL = c.Brand, c.Closing, c.LoginURL, c.PublicURL
	a.Searches = c.searches()
	return nil
}

// searches are where closed accounts are looked up.
func (w *Words) searches() []actions.Search {
	var all []actions.Search
	for _, s := range []actions.Search{{Name: "Tickets", URL: w.TicketSearchURL}, {Name: "CRM", URL: w.CRMSearchURL}} {
		if s.URL != "" {
			all = append(all, s)
		}
	}
	return all
}
