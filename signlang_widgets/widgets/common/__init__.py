"""What every widget shares: the base class, the joined script and style, pages, pictures, controls, arithmetic."""
