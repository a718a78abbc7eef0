"""All that knows English: words and sentences, inflection, spelling of replacements, how likely words are."""
