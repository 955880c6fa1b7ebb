package bounce

import (
	"regexp"
	"strconv"
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
		out.Refusal = refusal(status, field(block, "Diagnostic-Code"))
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
	out.Refusal.Domain = domain(out.Address)
	return out
}

var actions = map[string]digest.ReturnKind{
	"failed": digest.ReturnFailed, "delayed": digest.ReturnDelayed, "delivered": digest.ReturnDelivered,
	"relayed": digest.ReturnDelivered, "expanded": digest.ReturnDelivered,
}

var (
	enhanced = regexp.MustCompile(`\b([245])\.(\d{1,3})\.(\d{1,3})\b`)
	reply    = regexp.MustCompile(`(?:^|[^\d.])([45]\d\d)(?:[ -]|$)`)
)

// refusal puts together what a report's Status and the server's own words say.
// A server's own code says more than the generic x.0.0 that a relay makes of
// it, and than the x.4.7 or the like of a message that waited too long.
func refusal(status, diagnostic string) digest.Refusal {
	if kind, words, ok := strings.Cut(diagnostic, ";"); ok && !strings.Contains(kind, " ") {
		diagnostic = words
	}
	diagnostic = strings.Join(strings.Fields(diagnostic), " ")
	r := digest.Refusal{Text: clip(diagnostic)}
	if c := reply.FindStringSubmatch(diagnostic); c != nil {
		r.Code, _ = strconv.Atoi(c[1])
	}
	r.Enhanced = code(status)
	if own := code(diagnostic); own != "" && (r.Enhanced == "" || own[0] == r.Enhanced[0]) {
		if r.Enhanced == "" || strings.HasPrefix(r.Enhanced[1:], ".0.") || strings.HasPrefix(own, r.Enhanced[:3]) || r.Enhanced[2:] == "1.0" {
			r.Enhanced = own
		} else if strings.HasPrefix(own[1:], ".7.") {
			r.Enhanced = own // a policy that a relay reports as something else stays one
		}
	}
	switch {
	case r.Enhanced != "":
		r.Permanent = r.Enhanced[0] == '5'
	case strings.HasPrefix(strings.TrimSpace(status), "4"):
	case r.Code > 0:
		r.Permanent = r.Code >= 500
	default:
		r.Permanent = true // it says "failed" and no more
	}
	switch {
	case r.Code == 0 && r.Permanent:
		r.Code = 550
	case r.Code == 0:
		r.Code = 451
	}
	return r
}

// code is the first enhanced code in a text that says something; a bare class
// ("5.0.0") says nothing.
func code(text string) string {
	for _, c := range enhanced.FindAllStringSubmatch(text, 10) {
		if c[1] != "2" && (c[2] != "0" || c[3] != "0") {
			return c[1] + "." + c[2] + "." + c[3]
		}
	}
	return ""
}

// complaint reads a feedback report (RFC 5965). Only abuse and fraud are
// complaints; "not-spam" is the opposite, an authentication failure something
// else, and an opt-out a wish to leave.
func (m *letter) complaint() digest.Returned {
	out := digest.Returned{Kind: digest.ReturnUnknown, MessageID: m.messageID()}
	switch kind := strings.ToLower(field(m.feedback, "Feedback-Type")); kind {
	case "abuse", "fraud", "complaint", "virus", "other":
		out.Kind = digest.ReturnComplained
		if kind == "other" || kind == "virus" {
			out.Kind = digest.ReturnUnknown
		}
	case "opt-out", "opt-out-list":
		out.Kind = digest.ReturnLeft
	}
	out.Address = bare(field(m.feedback, "Original-Rcpt-To", "Removal-Recipient"))
	if out.Address == "" {
		out.Address = bare(field(m.returnedHeader, "To"))
	}
	out.Refusal.Text = clip(field(m.feedback, "User-Agent"))
	return out
}

func domain(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// clip keeps what the ledger has room for.
func clip(s string) string {
	const most = 500
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
