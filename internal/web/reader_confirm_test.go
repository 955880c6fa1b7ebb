package web

import (
	"net/http"
	"strings"
	"testing"

	"hebdo/internal/digest"
	"hebdo/internal/track"
)

// An old confirmation link of a paused reader is told how it stands, and may
// bring the letter back.
func TestTheConfirmationPageOfAPausedReaderPromisesNothing(t *testing.T) {
	h, l := furnished(t), links(t)
	sub := h.subs[reader]
	sub.State = digest.Resting
	h.subs[reader] = sub
	b := open(t, h)
	confirm := "/c/" + l.Token(track.Confirm, reader)
	a := b.get(confirm)
	a.want(t, http.StatusOK, "Votre abonnement est en pause", `<form method="post">`, "/p/"+l.Token(track.Preferences, reader))
	if strings.Contains(a.body, "Vous êtes abonné") {
		t.Error("the page promises the next issue, which does not come")
	}
	b.get(confirm+"?lang=en").want(t, http.StatusOK, "Your subscription is paused", "Send me the letter again")
	if s := h.subs[reader].State; s != digest.Resting {
		t.Fatalf("a look made the subscription %s", s)
	}
	b.post(confirm).want(t, http.StatusOK, "Vous êtes abonné")
	if s := h.subs[reader].State; s != digest.Active {
		t.Errorf("after the button it is %s", s)
	}
}

func TestTheConfirmationPageOfASuppressedAddressSaysSo(t *testing.T) {
	h, l := furnished(t), links(t)
	b := open(t, h)
	confirm := "/c/" + l.Token(track.Confirm, reader)
	for _, state := range []digest.SubscriptionState{digest.Pending, digest.Active, digest.Resting, digest.Unsubscribed} {
		for _, kind := range []digest.SuppressionKind{digest.Bounced, digest.Complained, digest.Barred} {
			sub := h.subs[reader]
			sub.State, sub.Subscriber.Suppression.Kind = state, kind
			h.subs[reader] = sub
			for _, a := range []answer{b.get(confirm), b.post(confirm)} {
				a.want(t, http.StatusOK, "Rien n’est envoyé à cette adresse")
				if strings.Contains(a.body, "Vous êtes abonné") || strings.Contains(a.body, "<button") {
					t.Errorf("%s, %s: the page promises letters, or offers them", state, kind)
				}
			}
			b.get(confirm+"?lang=en").want(t, http.StatusOK, "Nothing is sent to this address")
			if h.subs[reader] != sub {
				t.Errorf("%s, %s: now %+v", state, kind, h.subs[reader])
			}
		}
	}
}

// Once erased, an address is unknown, and may sign up like any other.
func TestThePagesOfAnErasedReaderSayThatItHasEnded(t *testing.T) {
	h, l := furnished(t), links(t)
	sub := h.subs[reader]
	sub.State, sub.Subscriber = digest.Unsubscribed, digest.Subscriber{Suppression: digest.Suppression{Kind: digest.Erased}}
	h.subs[reader] = sub
	b := open(t, h)
	for _, path := range []string{"/c/" + l.Token(track.Confirm, reader), "/p/" + l.Token(track.Preferences, reader)} {
		for _, a := range []answer{b.get(path), b.post(path, "language", "en")} {
			a.want(t, http.StatusOK, "/semaine-ia/subscribe")
			if strings.Contains(a.body, "arrive à .") || strings.Contains(a.body, "comes to .") {
				t.Errorf("%s names an address that is no longer known", path)
			}
		}
	}
	for lang, want := range map[string]string{"fr": "<p>Vous ne recevrez plus aucun numéro", "en": "<p>You will receive no further issue"} {
		path := "/u/" + l.Token(track.Unsubscribe, reader) + "?lang=" + lang
		b.get(path).want(t, http.StatusOK, want)
		b.post(path).want(t, http.StatusOK, want)
	}
}
