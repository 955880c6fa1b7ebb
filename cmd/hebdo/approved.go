package main

import (
	"context"

	"hebdo/internal/digest"
)

// Readers counts those who would get an issue of a newsletter now.
func (d desk) Readers(ctx context.Context, newsletter string) (int, error) {
	counts, err := d.store.CountSubscriptions(ctx, newsletter)
	return counts[digest.Active], err
}
