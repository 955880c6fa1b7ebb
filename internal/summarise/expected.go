package summarise

import "hebdo/internal/text"

// expected picks the set of sentences whose ROUGE against an editor's summary
// is expected to be highest: of all sets of one or two, and then one more at a
// time while that helps. fit are in reading order.
func (d reading) expected(fit []candidate, l limits) []candidate {
	if len(fit) == 0 {
		return nil
	}
	all := make([]weighed, 0, len(fit))
	for i, c := range fit {
		all = append(all, weighed{line: c.index, at: i, alone: d.hopes.weigh(l.size(), c.index)})
	}
	all = nominate(all)
	most := float32(-1e9)
	var chosen []weighed
	eachSet(len(all), func(a, b int) {
		p, set, second := all[a].alone, all[a:a+1], -1
		if b >= 0 {
			x, y := fit[all[a].at], fit[all[b].at]
			if l.sentences < 2 || x.words+y.words > l.words || repeats(y, x.terms) {
				return
			}
			set, second = []weighed{all[a], all[b]}, all[b].line
			p = d.hopes.weigh(l.size(), all[a].line, all[b].line)
		}
		worth := p.worth() + d.hopes.verdict(all[a].line, second, p) + d.lead(fit, set)
		if worth > most {
			most, chosen = worth, set
		}
	})
	var out []candidate
	for _, w := range chosen {
		out = append(out, fit[w.at])
	}
	return d.extend(out, fit, l)
}

// forLead is how much the plain score of sentences counts beside what the
// model expects, in an article that has its title.
const forLead = .2

// lead is what speaks for a set beyond the model. That learned from texts that
// had lost title and lead; an article that comes with its title has both, and
// its first sentence tells the news.
func (d reading) lead(fit []candidate, set []weighed) float32 {
	if !d.hopes.study.titled || len(set) == 0 {
		return 0
	}
	sum := 0.0
	for _, w := range set {
		sum += fit[w.at].score
	}
	return forLead * float32(sum)
}

// extend adds sentences to a set while that raises what is expected of it.
func (d reading) extend(out, fit []candidate, l limits) []candidate {
	for len(out) >= 2 && len(out) < l.sentences {
		words := 0
		told := map[string]bool{}
		for _, c := range out {
			words += c.words
			for t := range c.terms {
				told[t] = true
			}
		}
		lines := make([]int, 0, len(out)+1)
		for _, o := range out {
			lines = append(lines, o.index)
		}
		most, next := d.hopes.weigh(l.size(), lines...).worth(), -1
		for i, c := range fit {
			if words+c.words > l.words || repeats(c, told) {
				continue
			}
			if worth := d.hopes.weigh(l.size(), append(lines, c.index)...).worth(); worth > most {
				most, next = worth, i
			}
		}
		if next < 0 {
			break
		}
		out = append(out, fit[next])
		sortByPlace(out)
	}
	return out
}

// size is how many units the summary that is asked for would have: nineteen a
// sentence, or a seventh more than the words.
func (l limits) size() float32 {
	var size float32
	if l.sentences < many {
		size = max(usual, usual/2*float32(l.sentences))
	} else {
		size = float32(l.words) * 8 / 7
	}
	if l.words < many {
		size = min(size, float32(l.words)*8/7)
	}
	return size
}

// studied reads the article as the model sees it.
func studied(title, body string, spans []text.Span) *hopes {
	sentences := make([]string, len(spans))
	for i, p := range spans {
		if !p.Heading {
			sentences[i] = p.In(body)
		}
	}
	return french().hopes(newStudy(title, sentences))
}
