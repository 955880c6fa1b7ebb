package pipeline

import (
	"context"
	"fmt"

	"hebdo/internal/digest"
)

// Visit is Collect for the sources whose own rhythm asks for it now, and reads
// what they brought. Called every few minutes between two drafts, it loses
// nothing of feeds that show their entries for a short while. A page that
// cannot be had waits for the next Collect.
func (p *Pipeline) Visit(ctx context.Context, nl digest.Newsletter) (Harvest, error) {
	found, notes, err := p.Collector.Due(ctx, nl.Sources)
	if err != nil {
		return Harvest{}, fmt.Errorf("visiting the sources of %s: %w", nl.Slug, err)
	}
	harvest := Harvest{Found: len(found), Notes: notes}
	if len(found) == 0 {
		return harvest, nil
	}
	type name struct{ source, seen string }
	brought := make(map[name]bool, len(found))
	for _, a := range found {
		brought[name{a.SourceID, a.Seen}] = true
	}
	waiting, err := p.Archive.Waiting(ctx, nl.Slug, p.Now().Add(-patience))
	if err != nil {
		return harvest, err
	}
	var fresh []digest.Article
	for _, a := range waiting { // as they are kept: an edited one has its own ID
		if brought[name{a.SourceID, a.Seen}] {
			fresh = append(fresh, a)
		}
	}
	read, more, err := p.Extractor.Fill(ctx, fresh)
	if err != nil {
		return harvest, fmt.Errorf("reading articles of %s: %w", nl.Slug, err)
	}
	harvest.Read, harvest.Notes = readable(read), append(harvest.Notes, more...)
	return harvest, p.Archive.SaveArticles(ctx, read)
}
