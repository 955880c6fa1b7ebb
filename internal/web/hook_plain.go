package web

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// postmarkEvent is a webhook's message of Postmark.
type postmarkEvent struct {
	Record      string    `json:"RecordType"`
	Type        string    `json:"Type"`
	Email       string    `json:"Email"`
	Recipient   string    `json:"Recipient"`
	Details     string    `json:"Details"`
	Description string    `json:"Description"`
	BouncedAt   time.Time `json:"BouncedAt"`
	ChangedAt   time.Time `json:"ChangedAt"` // of a SubscriptionChange
	Suppress    bool      `json:"SuppressSending"`
	Reason      string    `json:"SuppressionReason"`
}

func postmark(_ *http.Request, body []byte) ([]digest.Returned, error) {
	var e postmarkEvent
	if err := parse(body, &e); err != nil {
		return nil, err
	}
	r := digest.Returned{Address: e.Email, At: e.BouncedAt}
	words := e.Details
	if words == "" {
		words = e.Description
	}
	kind := e.Type
	switch e.Record {
	case "SpamComplaint":
		kind = "SpamComplaint"
	case "SubscriptionChange":
		// HardBounce says nothing here: Postmark calls policy so too, and only its Bounce has the server's words.
		if r.Address, r.At, kind = e.Recipient, e.ChangedAt, ""; e.Suppress {
			kind = map[string]string{"SpamComplaint": "SpamComplaint", "ManualSuppression": "Unsubscribe"}[e.Reason]
		}
	case "Bounce":
	default:
		return nil, nil
	}
	switch kind {
	case "HardBounce":
		r.Kind, r.Refusal = digest.ReturnFailed, said("", words, gone)
	case "BadEmailAddress", "ManuallyDeactivated":
		r.Kind, r.Refusal = digest.ReturnFailed, gone(words)
	case "SoftBounce", "DnsError", "Undeliverable", "Unknown", "SMTPApiError", "InboundError", "AddressChange":
		if r.Kind, r.Refusal = digest.ReturnFailed, said("", words, soft); r.Refusal.Bounces() {
			r.Refusal = soft(words)
		}
	case "Blocked", "SpamNotification", "DMARCPolicy", "VirusNotification", "TemplateRenderingFailed", "OpenRelayTest":
		r.Kind, r.Refusal = digest.ReturnFailed, filtered(words)
	case "SpamComplaint":
		r.Kind = digest.ReturnComplained
	case "Unsubscribe":
		r.Kind = digest.ReturnLeft
	default: // Transient, AutoResponder, ChallengeVerification, Subscribe
		return nil, nil
	}
	return []digest.Returned{r}, nil
}

// brevo reads a transactional webhook's message, which may be a list.
func (h *hooks) brevo(req *http.Request, body []byte) ([]digest.Returned, error) {
	events, unread, err := items(body)
	if err != nil {
		return nil, err
	}
	if unread > 0 {
		h.skip(req.Context(), "brevo", unread)
	}
	var all []digest.Returned
	for _, e := range events {
		r := digest.Returned{Address: e.text("email"), MessageID: letterID(e.text("message-id")), At: e.at("ts_event")}
		reason := e.text("reason")
		switch strings.ToLower(strings.ReplaceAll(e.text("event"), "_", "")) {
		case "hardbounce":
			r.Kind, r.Refusal = digest.ReturnFailed, said("", reason, gone)
		case "invalidemail", "invalid":
			r.Kind, r.Refusal = digest.ReturnFailed, gone(reason)
		case "softbounce":
			if r.Kind, r.Refusal = digest.ReturnFailed, said("", reason, soft); r.Refusal.Bounces() {
				r.Refusal = soft(reason)
			}
		case "blocked", "error":
			r.Kind, r.Refusal = digest.ReturnFailed, filtered(reason)
		case "spam", "complaint":
			r.Kind = digest.ReturnComplained
		case "unsubscribed", "unsubscribe":
			r.Kind = digest.ReturnLeft
		default:
			continue
		}
		all = append(all, r)
	}
	return all, nil
}

// scalewayEvent is an event of Scaleway Transactional Email.
type scalewayEvent struct {
	Type     string    `json:"type"`
	Created  time.Time `json:"created_at"`
	To       string    `json:"email_to"`
	From     string    `json:"email_from"`
	Code     int       `json:"email_response_code"`
	Response string    `json:"email_response_message"`
	Error    string    `json:"email_error"`
	Headers  any       `json:"email_headers"`
}

// scalewayHosts are where a subscription of Scaleway's Topics and Events is confirmed.
var scalewayHosts = regexp.MustCompile(`^([a-z0-9-]+\.)*(scaleway\.com|scw\.cloud)$`)

// scaleway reads an event, or the notice of a topic that it comes in.
func (h *hooks) scaleway(r *http.Request, body []byte) ([]digest.Returned, error) {
	var n notice
	if err := parse(body, &n); err != nil {
		return nil, err
	}
	switch n.Type {
	case "SubscriptionConfirmation":
		if h.Get == nil {
			return nil, errHook
		}
		return nil, h.confirm(r.Context(), n, scalewayHosts)
	case "Notification":
		body = []byte(n.Message)
	}
	var e scalewayEvent
	if err := parse(body, &e); err != nil {
		return nil, err
	}
	one := digest.Returned{Address: e.To, At: e.Created, DeliveryID: h.delivery(e.From)}
	one.MessageID = letterID(headerOf(e.Headers, "Message-ID"))
	words := e.Response
	if words == "" {
		words = e.Error
	}
	if e.Code >= 400 && e.Code < 600 && !strings.HasPrefix(words, strconv.Itoa(e.Code)) {
		words = strconv.Itoa(e.Code) + " " + words
	}
	switch e.Type {
	case "email_mailbox_not_found":
		one.Kind, one.Refusal = digest.ReturnFailed, gone(words)
	case "email_dropped":
		one.Kind, one.Refusal = digest.ReturnFailed, digest.ReadRefusal("", words)
	case "email_spam", "email_blocklisted": // the receiving server took it for spam: no reader complained
		one.Kind, one.Refusal = digest.ReturnFailed, filtered(words)
	default:
		return nil, nil
	}
	return []digest.Returned{one}, nil
}

// headerOf finds a field in headers given as an object, or as a list of
// objects with a key or name and a value.
func headerOf(headers any, name string) string {
	switch all := headers.(type) {
	case map[string]any:
		for key, value := range all {
			if strings.EqualFold(key, name) {
				text, _ := value.(string)
				return text
			}
		}
	case []any:
		for _, one := range all {
			field, _ := one.(map[string]any)
			for _, label := range []string{"key", "name", "Name"} {
				if key, _ := field[label].(string); strings.EqualFold(key, name) {
					text, _ := field["value"].(string)
					return text
				}
			}
		}
	}
	return ""
}
