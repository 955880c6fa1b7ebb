package main

import (
	"fmt"
	"text/tabwriter"

	"hebdo/internal/digest"
	"hebdo/internal/story"
)

type marksJSON struct {
	Accuracy float64 `json:"accuracy"`
	MacroF1  float64 `json:"macro_f1"`
}

type themeMarksJSON struct {
	Theme     string  `json:"theme"`
	Texts     int     `json:"texts"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Alone     float64 `json:"f1_descriptions"`
}

type judgementJSON struct {
	Texts        int                       `json:"texts"`
	Groups       int                       `json:"groups"`
	Descriptions marksJSON                 `json:"descriptions"`
	Learned      marksJSON                 `json:"learned"`
	Gain         marksJSON                 `json:"gain"`
	WorstGroup   float64                   `json:"worst_group_accuracy"`
	BestGroup    float64                   `json:"best_group_accuracy"`
	Themes       []themeMarksJSON          `json:"themes"`
	Confusion    map[string]map[string]int `json:"confusion"`
}

func judgementToJSON(j story.Judgement) judgementJSON {
	out := judgementJSON{
		Texts: j.Texts, Groups: j.Groups, Descriptions: marksJSON(j.Alone), Learned: marksJSON(j.Learned),
		Gain:       marksJSON{j.Learned.Accuracy - j.Alone.Accuracy, j.Learned.MacroF1 - j.Alone.MacroF1},
		WorstGroup: j.Worst, BestGroup: j.Best, Confusion: j.Confusion,
	}
	for _, t := range j.Themes {
		out.Themes = append(out.Themes, themeMarksJSON(t))
	}
	return out
}

// printJudgement says how well themes are found, and what learning brought.
func (c *console) printJudgement(j story.Judgement, themes []digest.Theme, asJSON bool) error {
	if asJSON {
		return c.print(judgementToJSON(j))
	}
	c.say("judgement.head", "Texts", j.Texts, "Groups", j.Groups)
	fmt.Fprintln(c.out)
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\t%s\t%s\t\n", c.t("judgement.accuracy"), c.t("judgement.macro"))
	fmt.Fprintf(w, "%s\t%.3f\t%.3f\t\n", c.t("judgement.alone"), j.Alone.Accuracy, j.Alone.MacroF1)
	fmt.Fprintf(w, "%s\t%.3f\t%.3f\t\n", c.t("judgement.learned"), j.Learned.Accuracy, j.Learned.MacroF1)
	fmt.Fprintf(w, "%s\t%+.3f\t%+.3f\t\n", c.t("judgement.gain"), j.Learned.Accuracy-j.Alone.Accuracy, j.Learned.MacroF1-j.Alone.MacroF1)
	if err := w.Flush(); err != nil {
		return err
	}
	c.say("judgement.spread", "Worst", fmt.Sprintf("%.3f", j.Worst), "Best", fmt.Sprintf("%.3f", j.Best))
	fmt.Fprintln(c.out)
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\tF1\t%s\t\n", c.t("judgement.theme"), c.t("judgement.texts"),
		c.t("judgement.precision"), c.t("judgement.recall"), c.t("judgement.f1alone"))
	for _, t := range j.Themes {
		fmt.Fprintf(w, "%s\t%d\t%.3f\t%.3f\t%.3f\t%.3f\t\n", t.Theme, t.Texts, t.Precision, t.Recall, t.F1, t.Alone)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(c.out)
	return c.printConfusion(j, themes)
}

// printConfusion is a table: a line for the right theme, a column for the one given.
func (c *console) printConfusion(j story.Judgement, themes []digest.Theme) error {
	c.say("judgement.confusion")
	var columns []string
	for _, t := range append(append([]digest.Theme(nil), themes...), digest.Theme{ID: digest.OtherTheme}) {
		for _, given := range j.Confusion {
			if given[t.ID] > 0 && (len(columns) == 0 || columns[len(columns)-1] != t.ID) {
				columns = append(columns, t.ID)
			}
		}
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "\t")
	for _, id := range columns {
		fmt.Fprintf(w, "%s\t", id)
	}
	fmt.Fprintln(w)
	for _, t := range j.Themes {
		fmt.Fprintf(w, "%s\t", t.Theme)
		for _, id := range columns {
			fmt.Fprintf(w, "%d\t", j.Confusion[t.Theme][id])
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}
