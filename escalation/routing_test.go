package escalation

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestWhoIsTold has one row for every kind of event: L2's thread, the agents' news,
// the leads.
func TestWhoIsTold(t *testing.T) {
	c := Case{ID: id, Agent: ana, Channel: l2}
	all := []Follower{{Agent: ana, Channel: "C1", Thread: "1.1"}, {Agent: abe}}
	for _, tt := range []struct {
		name string
		e    Event
		want string
	}{
		{"Opened", Event{Kind: EventOpened, Actor: ana}, "thread"},
		{"Joined", Event{Kind: EventJoined, Actor: abe}, "thread UANA"},
		{"Claimed", Event{Kind: EventClaimed, Actor: lou}, ""},
		{"HandedBack", Event{Kind: EventHandedBack, Actor: lou, To: lou}, "thread"},
		{"Asked", Event{Kind: EventAsked, Actor: lou, To: ana}, "thread UANA"},
		{"AskedByOneself", Event{Kind: EventAsked, Actor: ana, To: ana}, "thread"},
		{"Replied", Event{Kind: EventReplied, Actor: abe}, "thread"},
		{"WaitingByL2", Event{Kind: EventWaiting, Actor: lou, To: ana}, "thread UANA"},
		{"WaitingByAnAgent", Event{Kind: EventWaiting, Actor: abe}, "thread"},
		{"Resolved", Event{Kind: EventResolved, Actor: lou}, "thread UANA UABE"},
		{"ResolvedByAFollower", Event{Kind: EventResolved, Actor: abe}, "thread UANA"},
		{"Reopened", Event{Kind: EventReopened, Actor: lou}, "thread UANA UABE"},
		{"HandedOver", Event{Kind: EventHandedOver, Actor: ana, To: abe}, "UABE"},
		{"TakenOver", Event{Kind: EventHandedOver, Actor: lea, To: lea}, ""},
		{"HalfTime", Event{Kind: EventReminded, Level: HalfTime}, "thread"},
		{"AtTheEnd", Event{Kind: EventReminded, Level: AtTheEnd}, "thread"},
		{"ToTheGroup", Event{Kind: EventReminded, Level: ToTheGroup}, "thread"},
		{"ToTheLeads", Event{Kind: EventReminded, Level: ToTheLeads}, "leads"},
		{"Offered", Event{Kind: EventOffered, To: lou}, "thread"},
		{"Heard", Event{Kind: EventHeard, Actor: lou}, ""},
		{"Delisting", Event{Kind: EventDelisting, Actor: lou}, "thread"},
		{"Delisted", Event{Kind: EventDelisted, Actor: lou}, "thread"},
		{"NotDelisted", Event{Kind: EventNotDelisted, Actor: lou}, "thread"},
		{"Unreached", Event{Kind: EventUnreached}, "UANA UABE leads"},
		{"Reached", Event{Kind: EventReached}, "thread UANA UABE"},
		{"Urgent", Event{Kind: EventUrgent, Actor: abe}, "thread"},
		{"Nudged", Event{Kind: EventNudged, To: ana}, "thread UANA"},
		{"AgentUnreached", Event{Kind: EventAgentUnreached, To: ana}, "thread leads"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.e.Case, tt.e.Seq = id, 7
			var got []string
			for _, p := range told(c, all, tt.e) {
				switch {
				case p.ref != id+"/7":
					t.Errorf("it names %s", p.ref)
				case p.kind == "case_event" && p.to == l2:
					got = append(got, "thread")
				case p.kind == "case_news":
					got = append(got, p.to)
				default:
					t.Errorf("nobody expects %+v", p)
				}
			}
			if routeOf(tt.e).leads {
				got = append(got, "leads")
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("told %q, want %q", got, tt.want)
			}
		})
	}
}

// TestCardsStandFirst has the cards of several followers, two of them in one thread.
func TestCardsStandFirst(t *testing.T) {
	all := []Follower{
		{Agent: ana, Channel: "C1", Thread: "1.1"}, {Agent: abe, Channel: "C1", Thread: "1.1"}, {Agent: lea}, {Agent: ada, Channel: "C2", Thread: "1.1"},
	}
	var got []string
	for _, p := range cards(Case{ID: id, Channel: l2}, all) {
		got = append(got, fmt.Sprint(p.kind, " ", p.to, " ", p.ref))
	}
	want := []string{
		"case CL2 " + id, "case_agent UANA " + id, "case_agent UABE " + id, "case_agent ULEA " + id, "case_agent UADA " + id,
		"case_thread C1 " + id + "/1.1", "case_thread C2 " + id + "/1.1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
