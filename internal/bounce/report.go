package bounce

import (
	"strings"

	"hebdo/internal/digest"
)

// report reads a delivery report (RFC 3464): fields of the message, then a
// group of fields for each recipient. A letter has one recipient; should a
// report name more, the first that failed counts.
func (m *letter) report() digest.Returned {
	out := digest.Returned{Kind: digest.ReturnUnknown, MessageID: m.messageID()}
	for _, block := range blocks(m.status) {
		action := strings.ToLower(field(block, "Action"))
		action, _, _ = strings.Cut(action, " ")
		status := field(block, "Status")
		if action == "" && status == "" {
			continue
		}
		kind, ok := actions[action]
		if !ok {
			kind = digest.ReturnUnknown
			if strings.HasPrefix(status, "5.") {
				kind = digest.ReturnFailed
			}
		}
		if out.Kind != digest.ReturnUnknown && kind != digest.ReturnFailed {
			continue
		}
		out.Kind = kind
		// The address as we wrote it comes before the one it was forwarded to.
		for _, name := range []string{"Original-Recipient", "Final-Recipient", "X-Actual-Recipient"} {
			if out.Address = bare(field(block, name)); out.Address != "" {
				break
			}
		}
		out.Refusal = digest.ReadRefusal(status, field(block, "Diagnostic-Code"))
		if out.Kind == digest.ReturnFailed {
			break
		}
	}
	if out.Address == "" {
		out.Address = bare(field(m.returnedHeader, "To"))
	}
	if out.Kind == digest.ReturnFailed && out.Refusal.Text == "" {
		out.Refusal.Text = summary(m.text)
	}
	if out.Kind != digest.ReturnFailed && out.Kind != digest.ReturnDelayed {
		out.Refusal = digest.Refusal{} // a success refuses nothing
		return out
	}
	out.Refusal.Domain = domain(out.Address)
	return out
}

var actions = map[string]digest.ReturnKind{
	"failed": digest.ReturnFailed, "delayed": digest.ReturnDelayed, "delivered": digest.ReturnDelivered,
	"relayed": digest.ReturnDelivered, "expanded": digest.ReturnDelivered,
}

// complaint reads a feedback report (RFC 5965). Only abuse and fraud are
// complaints; "not-spam" is the opposite, an authentication failure something
// else, and an opt-out a wish to leave.
func (m *letter) complaint() digest.Returned {
	out := digest.Returned{Kind: digest.ReturnUnknown, MessageID: m.messageID()}
	switch strings.ToLower(field(m.feedback, "Feedback-Type")) {
	case "abuse", "fraud", "complaint":
		out.Kind = digest.ReturnComplained
	case "opt-out", "opt-out-list":
		out.Kind = digest.ReturnLeft
	}
	out.Address = bare(field(m.feedback, "Original-Rcpt-To", "Removal-Recipient"))
	if out.Address == "" {
		out.Address = bare(field(m.returnedHeader, "To"))
	}
	out.Refusal.Text = digest.Clip(field(m.feedback, "User-Agent"))
	return out
}

func domain(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}
