"""The emoji shortcodes apps commonly use. An unknown one stays readable as its shortcode."""

_BY_NAME = """
airplane ✈️|beach_with_umbrella 🏖️|coffee ☕|fork_and_knife 🍴|palm_tree 🌴|snowflake ❄️|train 🚆|truck 🚚|car 🚗|ship 🚢
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|100 💯|alarm_clock ⏰|ambulance 🚑|arrow_down ⬇️|arrow_left ⬅️
arrow_right ➡️|arrow_up ⬆️|arrow_upper_right ↗️|arrow_lower_right ↘️|arrows_counterclockwise 🔄
balance_scale ⚖️|scales ⚖️|ballot_box_with_check ☑️|bank 🏦|bar_chart 📊|bell 🔔|no_bell 🔕|blush 😊
book 📖|bookmark 🔖|bookmark_tabs 📑|books 📚|boom 💥|brain 🧠|briefcase 💼|bug 🐛
building_construction 🏗️|bulb 💡|bust_in_silhouette 👤|busts_in_silhouette 👥|calendar 📆|date 📅
spiral_calendar_pad 🗓️|card_index 📇|card_index_dividers 🗂️|chart 💹|chart_with_upwards_trend 📈
chart_with_downwards_trend 📉|checkered_flag 🏁|clap 👏|classical_building 🏛️|clipboard 📋|clock1 🕐
clock3 🕒|clock9 🕘|closed_lock_with_key 🔐|cloud ☁️|compass 🧭|confetti_ball 🎊|construction 🚧|cry 😢
dart 🎯|desktop_computer 🖥️|door 🚪|dollar 💵|email 📧|envelope ✉️|euro 💶|exclamation ❗
heavy_exclamation_mark ❗|eye 👁️|eyes 👀|factory 🏭|fast_forward ⏩|file_cabinet 🗄️|file_folder 📁
fire 🔥|floppy_disk 💾|gear ⚙️|gem 💎|globe_with_meridians 🌐|earth_africa 🌍|grey_question ❔
grinning 😀|hammer_and_wrench 🛠️|handshake 🤝|heart ❤️|green_heart 💚|blue_heart 💙|yellow_heart 💛
heavy_check_mark ✔️|heavy_minus_sign ➖|heavy_multiplication_x ✖️|heavy_plus_sign ➕|hourglass ⌛
hourglass_flowing_sand ⏳|house 🏠|hugging_face 🤗|inbox_tray 📥|information_source ℹ️|joy 😂|key 🔑
label 🏷️|large_blue_circle 🔵|large_blue_square 🟦|large_green_circle 🟢|large_green_square 🟩
large_orange_circle 🟠|large_orange_square 🟧|large_purple_circle 🟣|large_red_square 🟥
large_yellow_circle 🟡|large_yellow_square 🟨|ledger 📒|link 🔗|lock 🔒|loudspeaker 📢|mag 🔍
mag_right 🔎|mailbox 📫|mega 📣|memo 📝|pencil 📝|pencil2 ✏️|microscope 🔬|money_with_wings 💸
moneybag 💰|muscle 💪|mute 🔇|new 🆕|newspaper 📰|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|ok 🆗
ok_hand 👌|outbox_tray 📤|package 📦|page_facing_up 📄|page_with_curl 📃|paperclip 📎|party_popper 🎉
tada 🎉|pause_button ⏸️|double_vertical_bar ⏸️|arrow_forward ▶️|play_or_pause_button ⏯️
stop_button ⏹️|pray 🙏|pushpin 📌|round_pushpin 📍|question ❓|radio_button 🔘|raised_hand ✋
raised_hands 🙌|recycle ♻️|red_circle 🔴|black_circle ⚫|white_circle ⚪|white_large_square ⬜
black_large_square ⬛|repeat 🔁|robot_face 🤖|robot 🤖|rocket 🚀|rotating_light 🚨|satellite_antenna 📡
scroll 📜|seedling 🌱|shield 🛡️|sleeping 😴|slightly_smiling_face 🙂|slightly_frowning_face 🙁
smile 😄|smiley 😃|sos 🆘|sparkles ✨|speech_balloon 💬|star ⭐|star2 🌟|stopwatch ⏱️|sunny ☀️
sunrise 🌅|telescope 🔭|test_tube 🧪|thinking_face 🤔|thought_balloon 💭|ticket 🎫|timer_clock ⏲️
toolbox 🧰|traffic_light 🚦|triangular_flag_on_post 🚩|trophy 🏆|umbrella ☂️|unlock 🔓
vertical_traffic_light 🚦|warning ⚠️|wastebasket 🗑️|wave 👋|waving_hand 👋|white_check_mark ✅|x ❌
white_flag 🏳️|woman-raising-hand 🙋|world_map 🗺️|wrench 🔧|writing_hand ✍️|yen 💴|zap ⚡|zzz 💤
zero 0️⃣|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣
keycap_ten 🔟
"""

EMOJI = dict(entry.split(" ", 1) for line in _BY_NAME.strip().splitlines() for entry in line.split("|") if entry)


def emoji(name: str) -> str | None:
    """Return the character of a shortcode without its colons; skin tones are left out."""
    return EMOJI.get(name.split("::", 1)[0])
