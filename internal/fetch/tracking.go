package fetch

import "strings"

// WithoutTracking is a query without the parameters that campaigns and social
// networks add. The others stay as they are, in their order. It is one list for
// what sources name and where redirects end, since one page is one address.
func WithoutTracking(query string) string {
	if query == "" {
		return ""
	}
	kept := make([]string, 0, 4)
	for _, pair := range strings.Split(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if pair != "" && !tracking(strings.ToLower(name)) && !(name == "source" && strings.HasPrefix(value, "rss-")) { // Medium's feeds
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}

// tracking knows the names by what their makers document: Google Analytics and
// Ads (utm_, gclid…), Meta, Microsoft, Mailchimp, HubSpot, Matomo, X, AT
// Internet (xtor, at_: most French news sites), Instagram, YouTube.
func tracking(name string) bool {
	for _, prefix := range []string{"utm_", "mc_", "pk_", "mtm_", "piwik_", "hsa_", "_hs", "at_", "oly_", "vero_", "wt_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	switch name {
	case "fbclid", "gclid", "gclsrc", "dclid", "wbraid", "gbraid", "msclkid", "twclid", "yclid", "igshid", "igsh",
		"mkt_tok", "xtor", "xtref", "_ga", "_gl", "ref_src", "ref_url", "cmpid", "ocid", "smid", "srnd", "s_cid", "__twitter_impression":
		return true
	}
	return false
}
