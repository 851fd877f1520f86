package actions

import "context"

// WatchReport returns a watch with its customer as an agent sees them. It is
// for delivering what a watch came to. Errors: NotFound, Unavailable.
func (a *Actions) WatchReport(ctx context.Context, id string) (WatchReport, error) {
	w, err := a.Store.Watch(ctx, id)
	if err != nil {
		return WatchReport{}, err
	}
	reports, err := a.reports(ctx, []Watch{w})
	if err != nil {
		return WatchReport{}, err
	}
	return reports[0], nil
}

// OpenWatches returns the actor's watches that haven't ended, newest first.
// Errors are Unavailable.
func (a *Actions) OpenWatches(ctx context.Context, actor string) ([]WatchReport, error) {
	open, err := a.Store.WatchesOf(ctx, actor)
	if err != nil {
		return nil, err
	}
	return a.reports(ctx, open)
}

// reports adds to each watch who it is about.
func (a *Actions) reports(ctx context.Context, watches []Watch) ([]WatchReport, error) {
	ids := make([]string, len(watches))
	for i, w := range watches {
		ids[i] = w.UserID
	}
	people, err := a.peopleOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	reports := make([]WatchReport, len(watches))
	for i, w := range watches {
		reports[i] = WatchReport{Watch: w, Person: Person{ID: w.UserID}}
		if person, there := people[w.UserID]; there {
			reports[i].Person = person
		}
	}
	return reports, nil
}

// peopleOf returns the users with those IDs, masked throughout, by ID. Who is
// gone is left out.
func (a *Actions) peopleOf(ctx context.Context, ids []string) (map[string]Person, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	users, err := a.Directory.Users(ctx, ids, nil)
	if err != nil {
		return nil, err
	}
	people := make(map[string]Person, len(users))
	for _, user := range users {
		people[user.ID] = NewMasker("").person(user)
	}
	return people, nil
}

// JudgeDiagnosis keeps whether the diagnosis that a watch began with was right,
// for the digest. Only who watched may say so, once the customer tried, and may
// say otherwise later. It is a row of the audit.
//
// Errors: Forbidden for who may not, Invalid for a judgement that is none,
// NotFound for a watch that isn't there, Conflict for one that hasn't come to
// anything and for a request that was answered before, Unavailable.
func (a *Actions) JudgeDiagnosis(ctx context.Context, call Call, watchID string, j Judgement) (WatchReport, error) {
	if !May(call.Actor.Roles, ActJudge) {
		return WatchReport{}, a.Refuse(ctx, call, ActJudge)
	}
	if j != JudgedRight && j != JudgedWrong {
		return WatchReport{}, Errorf(Invalid, "A diagnosis was right or wrong; please choose one of the two.")
	}
	report, err := a.WatchReport(ctx, watchID)
	if err != nil {
		return WatchReport{}, err
	}
	if err := mayJudge(call, report.Watch); err != nil {
		return WatchReport{}, err
	}
	report.Watch.Judgement, report.Watch.JudgedAt = j, Instant(a.Now())
	return report, a.keepJudgement(ctx, call, report.Watch)
}

// mayJudge says why the diagnosis of a watch can't be judged by the caller.
func mayJudge(call Call, w Watch) error {
	switch {
	case w.Actor != call.Actor.ID:
		return Errorf(Forbidden, "Only whoever asked to be told can say whether this diagnosis was right.")
	case w.State == Watching:
		return Errorf(Conflict, "The customer hasn't tried since, so nobody can say yet whether the diagnosis was right. You are asked when they have.")
	case w.State == WatchExpired:
		return Errorf(Conflict, "The customer didn't try in time, so nobody can say whether the diagnosis was right. Please diagnose them again.")
	}
	return nil
}

func (a *Actions) keepJudgement(ctx context.Context, call Call, w Watch) error {
	entry := AuditEntry{
		At: w.JudgedAt, Act: ActJudge, Outcome: ActDone, Subject: w.UserID,
		Detail: "the diagnosis " + string(w.Cause) + " (" + string(w.Grade) + ") was " + string(w.Judgement),
	}
	return a.Store.Tx(ctx, func(tx Tx) error {
		if err := a.record(ctx, tx, call, entry); err != nil {
			return err
		}
		return tx.JudgeWatch(ctx, w)
	})
}
