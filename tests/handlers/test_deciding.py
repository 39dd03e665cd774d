from tests.support.house import House, buttons, words


def test_a_proposal_is_decided(house: House) -> None:
    assert house.propose() == "UC-1"
    house.send()
    [card] = house.posts_to("U_ANN")
    assert set(buttons(card)) == {"Approve", "Approve with conditions", "Request changes", "Reject", "Read it all"}
    assert house.approve("U_ANN").status == 200
    house.send()
    assert buttons(card) == {}
    assert "Approved" in words(house.posts_to("C_GOVERNANCE")[0])
    assert "Approved" in house.posts_to("U_PRIYA")[0].text
