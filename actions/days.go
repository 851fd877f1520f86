package actions

// SpanOfDays is from the first moment of days that somebody asks for until the end of
// the last, as the report of these days counts them. Errors: Invalid for days that there
// aren't.
func (a *Actions) SpanOfDays(asked Days) (Span, error) {
	first, err := readDays(asked)
	if err != nil {
		return Span{}, err
	}
	return spanOf(first, asked.N, a.zone()), nil
}
