"""The specimen is in order, so that what is wrong with an edit of it is the edit."""

from specimen import GOOD

from equipoise.scenario import read_string


def test_the_specimen_has_neither_errors_nor_warnings() -> None:
    scenario, warnings = read_string(GOOD)
    assert warnings == ()
    assert scenario.horizon == 12
    assert scenario.factors["year"].levels == ("2001", "2002")
    assert scenario.parameters["rest"].value == 1
