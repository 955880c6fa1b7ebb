package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"hebdo/internal/digest"
)

// outbox is a ledger of some deliveries.
type outbox struct {
	rows  []digest.Delivery
	again []string
}

func (o *outbox) Deliveries(_ context.Context, _ string, states []digest.DeliveryState, after string, limit int) (out []digest.Delivery, _ error) {
	for _, d := range o.rows {
		if slices.Contains(states, d.State) && d.SubscriberID > after && len(out) < limit {
			out = append(out, d)
		}
	}
	return out, nil
}

func (o *outbox) CountAgain(ctx context.Context, id string, state digest.DeliveryState) (int, error) {
	all, err := o.Deliveries(ctx, id, []digest.DeliveryState{state}, "", 1000)
	return len(all), err
}

func (o *outbox) Again(ctx context.Context, id string, state digest.DeliveryState, editor string) (int, error) {
	o.again = append(o.again, id+" "+string(state)+" "+editor)
	return o.CountAgain(ctx, id, state)
}

func delivering(t *testing.T) (*house, *outbox, *browser) {
	o := &outbox{rows: []digest.Delivery{
		{SubscriberID: "d1", Address: "<i>@example.net", State: digest.Refused, Code: 550, Enhanced: "5.7.1", Reply: "<script>no</script>", Attempts: 1, Updated: monday},
		{SubscriberID: "d2", Address: "left@example.net", State: digest.Refused, Reply: "unsubscribed", Updated: monday},
		{SubscriberID: "d3", Address: "later@example.net", State: digest.Deferred, Code: 450, Enhanced: "4.2.0", Reply: "greylisted", Attempts: 2, Updated: monday, NotBefore: monday.Add(3 * time.Hour)},
		{SubscriberID: "d4", Address: "perhaps@example.net", State: digest.Unsure, Reply: "perhaps accepted", Attempts: 1, Updated: monday},
	}}
	h := furnished(t)
	return h, o, open(t, h, func(opt *Options) { opt.Deliveries = o }).logIn()
}

// The desk answers as `hebdo issues report` does: who got it, who did not and
// why, who waits until when.
func TestTheDeskTellsWhatBecameOfEveryLetter(t *testing.T) {
	h, o, b := delivering(t)
	page := "/desk/issues/" + h.in(digest.Sending).ID
	b.get(page).want(t, http.StatusOK, `href="`+page+`/deliveries?state=refused"`, `href="`+page+`/deliveries?state=waiting"`)
	refused := b.get(page + "/deliveries")
	refused.want(t, http.StatusOK, "&lt;i&gt;@example.net", "550 5.7.1 &lt;script&gt;", "left@example.net",
		"a quitté la liste", "Envoyer encore une fois à 2 personnes", `action="`+page+`/deliveries/again"`)
	sound(t, page+"/deliveries", refused.body, digest.French)
	if strings.Contains(refused.body, "perhaps@example.net") {
		t.Error("others than the refused are shown")
	}
	b.get(page+"/deliveries?state=unsure").want(t, http.StatusOK, "perhaps@example.net", "certaines la recevront deux fois")
	waiting := b.get(page + "/deliveries?state=waiting&lang=en")
	waiting.want(t, http.StatusOK, "later@example.net", "450 4.2.0 greylisted", "2 tries", "next try")
	if strings.Contains(waiting.body, "Send to") {
		t.Error("who waits can be sent to once more")
	}
	b.get(page+"/deliveries?state=sent").want(t, http.StatusOK, "Personne.")

	// Whoever waits for a cancelled issue is promised nothing.
	over := b.get("/desk/issues/" + h.in(digest.Cancelled).ID + "/deliveries?state=waiting")
	over.want(t, http.StatusOK, "later@example.net", "a été annulé")
	if strings.Contains(over.body, "prochain essai") {
		t.Error("a cancelled issue promises a further try")
	}
	for n := range perPage + 1 {
		o.rows = append(o.rows, digest.Delivery{SubscriberID: fmt.Sprintf("e%03d", n), Address: fmt.Sprintf("r%03d@example.net", n), State: digest.Delivered, Code: 250, Updated: monday})
	}
	last := fmt.Sprintf("e%03d", perPage-1)
	b.get(page+"/deliveries?state=sent").want(t, http.StatusOK, "r000@example.net", "state=sent", "after="+last)
	b.get(page+"/deliveries?state=sent&after="+last).want(t, http.StatusOK, fmt.Sprintf("r%03d@example.net", perPage))
	open(t, furnished(t)).get(page+"/deliveries").wantGone(t, "/desk/login?next="+url.QueryEscape(page+"/deliveries"))
	open(t, furnished(t)).logIn().get(page+"/deliveries").want(t, http.StatusNotFound)
}

func TestAnEditorSendsToExactlyThoseOnceMore(t *testing.T) {
	h, o, b := delivering(t)
	page := "/desk/issues/" + h.in(digest.Sent).ID
	if a := b.get(page + "/deliveries/again"); a.status == http.StatusOK || len(o.again) > 0 {
		t.Errorf("a look answers %d and sends %v", a.status, o.again)
	}
	b.post(page+"/deliveries/again", "state", "sent").want(t, http.StatusBadRequest)
	b.post(page+"/deliveries/again", "state", "refused").wantGone(t, page+"#delivery")
	if want := h.in(digest.Sent).ID + " refused ada@example.org"; !slices.Equal(o.again, []string{want}) {
		t.Errorf("sent again: %v", o.again)
	}
	b.get(page).want(t, http.StatusOK, "2 lettres repartent.")
}
