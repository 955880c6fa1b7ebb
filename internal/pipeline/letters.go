package pipeline

import "hebdo/internal/digest"

// letters renders every language of an issue in every length, and says what
// would harm them in their readers' mailboxes: each kind of harm once, where it
// is met first.
func (p *Pipeline) letters(issue digest.Issue, nl digest.Newsletter) (all []digest.Letter, notes []digest.Note, err error) {
	said := map[string]bool{}
	for _, lang := range nl.Languages {
		for _, length := range []digest.Length{digest.Full, digest.Short} {
			letter, err := p.Renderer.Email(issue, nl, digest.Variant{Language: lang, Length: length})
			if err != nil {
				return nil, nil, err
			}
			all = append(all, letter)
			for _, note := range p.Renderer.Check(letter) {
				if !said[note.Code] {
					notes = append(notes, note)
				}
				said[note.Code] = true
			}
		}
	}
	return all, notes, nil
}

// proof makes the letters of a draft to tell the editor what is wrong with them
// while there is time; those that are sent are made at approval.
func (p *Pipeline) proof(issue digest.Issue, nl digest.Newsletter) (digest.Issue, error) {
	_, notes, err := p.letters(issue, nl)
	issue.Notes = append(issue.Notes, notes...)
	return issue, err
}
