"""Hands that spell letters, drawn: a jointed hand (hand), its poses (letters), light (render), variety (shots)."""
