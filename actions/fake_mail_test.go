package actions

import "context"

// StartMail keeps a message with the row of the outbox that delivers it.
func (t *fakeTx) StartMail(ctx context.Context, m Mail) error {
	t.mails[m.ID] = m
	return t.Enqueue(ctx, Outgoing{ID: "outbox of " + m.ID, Kind: OutgoingMail, To: string(m.Via), Ref: m.ID, At: m.At, Due: m.At})
}

func (t *fakeTx) Mail(_ context.Context, id string) (Mail, error) {
	m, there := t.mails[id]
	if !there {
		return Mail{}, Errorf(NotFound, "There is no such message.")
	}
	return m, nil
}

func (t *fakeTx) KeepMail(_ context.Context, m Mail) error {
	t.mails[m.ID] = m
	return nil
}

func (s *fakeStore) MailByID(_ context.Context, id string) (Mail, error) {
	m, there := s.state.mails[id]
	if !there && s.down == nil {
		return Mail{}, Errorf(NotFound, "There is no such message.")
	}
	return m, s.down
}

func (t *fakeTx) PutDelivery(_ context.Context, d Delivery) error {
	t.deliveries = append(t.deliveries, d)
	return nil
}

// MailFor returns the newest message about something that isn't an operation.
func (s *fakeStore) MailFor(_ context.Context, ref string) (newest Mail, found bool, err error) {
	for _, m := range s.current().mails {
		if m.Ref == ref && ref != "" && (!found || m.At.After(newest.At)) {
			newest, found = m, true
		}
	}
	return newest, found, s.down
}
