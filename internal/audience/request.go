package audience

import "hebdo/internal/digest"

// Request is somebody's wish to get a newsletter.
type Request struct {
	Newsletter digest.Newsletter
	Address    string
	Name       string
	Language   digest.Language
	Length     digest.Length
	IP         string // of the form's sender
	Page       string // where the form stood
	Shown      string // the consent text that was shown
}

// Preferences is what a reader may change of a subscription.
type Preferences struct {
	Language digest.Language
	Length   digest.Length
	Without  []string // IDs of themes; nil leaves what was
	Paused   bool
}
