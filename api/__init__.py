"""The house: domain rules, store, actions and the HTTP door of Scholium."""
