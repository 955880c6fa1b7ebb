package audience_test

import (
	"testing"

	"hebdo/internal/audience"
	"hebdo/internal/digest"
)

// The links in an old letter outlive the address they were sent to.
func TestTheLinksOfAnErasedReaderChangeNothing(t *testing.T) {
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			h := enter(t, open(t))
			sub := digest.Subscription{ID: newID(), Newsletter: "week", State: digest.Active, Language: digest.French, Length: digest.Full,
				Subscriber: digest.Subscriber{Address: "ada@example.org", Match: "ada@example.org"}}
			if err := h.store.SaveSubscriptions(t.Context(), []digest.Subscription{sub}); err != nil {
				t.Fatal(err)
			}
			if err := h.book.Erase(t.Context(), "ada@example.org"); err != nil {
				t.Fatal(err)
			}
			want, err := h.book.Subscription(t.Context(), sub.ID)
			if err != nil || want.State != digest.Unsubscribed {
				t.Fatalf("erased: %+v, %v", want, err)
			}
			for act, do := range map[string]func() (digest.Subscription, error){
				"prefer": func() (digest.Subscription, error) {
					return h.book.Prefer(t.Context(), sub.ID, audience.Preferences{Language: digest.English, Length: digest.Short})
				},
				"confirm":     func() (digest.Subscription, error) { return h.book.Confirm(t.Context(), sub.ID) },
				"unsubscribe": func() (digest.Subscription, error) { return h.book.Unsubscribe(t.Context(), sub.ID) },
			} {
				if got, err := do(); err != nil || got != want {
					t.Errorf("%s: %+v, %v", act, got, err)
				}
			}
		})
	}
}
