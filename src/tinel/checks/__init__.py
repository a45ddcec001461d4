"""How far the forecasts of patients with findings can be believed, measured."""
