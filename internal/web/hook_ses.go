package web

import (
	"net/http"
	"strings"
	"time"

	"hebdo/internal/digest"
)

// sesEvent is a notification or an event of Amazon SES.
type sesEvent struct {
	NotificationType string `json:"notificationType"`
	EventType        string `json:"eventType"`
	Mail             struct {
		Source      string   `json:"source"`
		Destination []string `json:"destination"`
		Headers     []struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"headers"`
		CommonHeaders struct {
			MessageID string `json:"messageId"`
		} `json:"commonHeaders"`
	} `json:"mail"`
	Bounce struct {
		Type       string    `json:"bounceType"`
		SubType    string    `json:"bounceSubType"`
		Timestamp  time.Time `json:"timestamp"`
		Recipients []struct {
			Address    string `json:"emailAddress"`
			Status     string `json:"status"`
			Diagnostic string `json:"diagnosticCode"`
		} `json:"bouncedRecipients"`
	} `json:"bounce"`
	Complaint struct {
		Type       string    `json:"complaintFeedbackType"`
		SubType    string    `json:"complaintSubType"`
		Timestamp  time.Time `json:"timestamp"`
		Recipients []struct {
			Address string `json:"emailAddress"`
		} `json:"complainedRecipients"`
	} `json:"complaint"`
}

// ses reads what Amazon SES sends through SNS.
func (h *hooks) ses(r *http.Request, body []byte) ([]digest.Returned, error) {
	var n notice
	if err := parse(body, &n); err != nil {
		return nil, err
	}
	if err := h.verify(r.Context(), n); err != nil {
		return nil, err
	}
	switch n.Type {
	case "SubscriptionConfirmation":
		return nil, h.confirm(r.Context(), n, amazon)
	case "Notification":
	default:
		return nil, nil // UnsubscribeConfirmation: somebody with the account's rights did it
	}
	var e sesEvent
	if strings.HasPrefix(n.Message, "Successfully validated SNS topic") {
		return nil, nil
	}
	if err := parse([]byte(n.Message), &e); err != nil {
		return nil, err
	}
	return h.sesReturned(e), nil
}

func (h *hooks) sesReturned(e sesEvent) []digest.Returned {
	base := digest.Returned{DeliveryID: h.delivery(e.Mail.Source), MessageID: letterID(e.Mail.CommonHeaders.MessageID)}
	for _, header := range e.Mail.Headers {
		if strings.EqualFold(header.Name, "Message-ID") {
			base.MessageID = letterID(header.Value)
		}
	}
	var all []digest.Returned
	switch kind := e.NotificationType + e.EventType; kind {
	case "Bounce":
		for _, to := range e.Bounce.Recipients {
			r := base
			r.Kind, r.Address, r.At = digest.ReturnFailed, to.Address, e.Bounce.Timestamp
			r.Refusal = sesRefusal(e.Bounce.Type, e.Bounce.SubType, to.Status, to.Diagnostic)
			all = append(all, r)
		}
	case "Complaint":
		if e.Complaint.Type == "not-spam" {
			return nil
		}
		for _, to := range e.Complaint.Recipients {
			r := base
			r.Kind, r.Address, r.At = digest.ReturnComplained, to.Address, e.Complaint.Timestamp
			r.Refusal.Text = digest.Clip(strings.TrimSpace(e.Complaint.Type + " " + e.Complaint.SubType))
			all = append(all, r)
		}
	}
	return all
}

// sesRefusal reads a bounce. Amazon's kind of bounce speaks where the server's
// words do not; a passing trouble never costs an address, whatever its code.
func sesRefusal(kind, detail, status, words string) digest.Refusal {
	note := strings.TrimSpace(words)
	if note == "" {
		note = kind + "/" + detail
	}
	if kind == "Permanent" {
		if detail == "Suppressed" || detail == "OnAccountSuppressionList" || detail == "NoEmail" {
			return gone(note)
		}
		return said(status, note, func(w string) digest.Refusal {
			return digest.Refusal{Permanent: true, Code: 550, Text: digest.Clip(w)} // its words may name the mailbox
		})
	}
	switch detail {
	case "ContentRejected", "AttachmentRejected", "MessageTooLarge":
		return filtered(note)
	case "MailboxFull":
		return digest.Refusal{Permanent: true, Code: 552, Enhanced: "5.2.2", Text: digest.Clip(note)}
	}
	if r := said(status, note, soft); !r.Bounces() {
		return r
	}
	return soft(note)
}
