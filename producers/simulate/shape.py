"""The shape of a grocery chain: figures that the simulated chain is calibrated on.

Source: The Complete Journey by 84.51 degrees (2017; packaged in the R package `completejourney`,
licence CC0).  Departments, categories, brands, prices, discounts, hours, weekdays, shopping rates
and campaigns are counted on its sample of 75,000 receipt lines and on its campaign tables, whose
times are read as UTC here because only then do hours of trade come out.  The number of lines of a
basket cannot be seen in a sample of lines, but can be inferred: 1 + a negative binomial of mean
8.43 and shape 1/2, which makes the full set's 9.43 lines a basket, thinned to 5.1 %, leaves
baskets of 1, 2, 3 … sampled lines as the sample has them (chi squared 15 over nine classes).
"""

CATEGORIES = (
    # department, category, lines of the sample, mean net in cents, private brand per mille
    ("GROCERY", "SOFT DRINKS", 3331, 283, 202),
    ("DRUG GM", "OTHER", 3150, 545, 199),
    ("GROCERY", "FLUID MILK PRODUCTS", 2475, 242, 911),
    ("GROCERY", "BAKED BREAD-BUNS-ROLLS", 2291, 174, 516),
    ("GROCERY", "CHEESE", 2188, 245, 656),
    ("GROCERY", "OTHER", 2057, 399, 320),
    ("GROCERY", "BAG SNACKS", 1900, 220, 119),
    ("GROCERY", "FRZN MEAT-MEAT DINNERS", 1672, 283, 16),
    ("MEAT", "BEEF", 1394, 631, 91),
    ("GROCERY", "SOUP", 1351, 194, 205),
    ("GROCERY", "YOGURT", 1292, 130, 352),
    ("GROCERY", "VEGETABLES - SHELF STABLE", 1206, 136, 586),
    ("GROCERY", "FROZEN PIZZA", 1200, 339, 114),
    ("GROCERY", "COLD CEREAL", 1114, 290, 255),
    ("DRUG GM", "CANDY - CHECKLANE", 1058, 79, 2),
    ("PRODUCE", "TROPICAL FRUIT", 992, 120, 0),
    ("MEAT-PCKGD", "LUNCHMEAT", 982, 254, 308),
    ("DRUG GM", "CANDY - PACKAGED", 980, 213, 38),
    ("PRODUCE", "OTHER", 976, 246, 51),
    ("GROCERY", "REFRGRATD JUICES-DRNKS", 887, 237, 502),
    ("GROCERY", "CANNED JUICES", 883, 257, 245),
    ("GROCERY", "CRACKERS-MISC BKD FD", 878, 222, 216),
    ("GROCERY", "ICE CREAM-MILK-SHERBTS", 844, 300, 441),
    ("GROCERY", "EGGS", 829, 136, 938),
    ("GROCERY", "BAKED SWEET GOODS", 823, 204, 124),
    ("NUTRITION", "OTHER", 750, 298, 88),
    ("DELI", "DELI MEATS", 719, 420, 14),
    ("GROCERY", "MEAT - SHELF STABLE", 697, 236, 141),
    ("GROCERY", "HISPANIC", 695, 206, 258),
    ("GROCERY", "MILK BY-PRODUCTS", 677, 181, 739),
    ("GROCERY", "FRZN VEGETABLE-VEG DSH", 657, 186, 664),
    ("GROCERY", "COOKIES-CONES", 653, 245, 282),
    ("GROCERY", "CONDIMENTS-SAUCES", 638, 198, 317),
    ("GROCERY", "SALD DRSNG-SNDWCH SPRD", 624, 224, 314),
    ("GROCERY", "CONVENIENT BRKFST-WHLSM SNACKS", 613, 253, 235),
    ("GROCERY", "FRUIT - SHELF STABLE", 611, 194, 476),
    ("FUEL", "COUPON-MISC ITEMS", 603, 2537, 1000),
    ("GROCERY", "WATER - CARBONATED-FLVRD DRINK", 602, 304, 286),
    ("GROCERY", "DRY BN-VEG-POTATO-RICE", 595, 173, 287),
    ("PRODUCE", "VEGETABLES - ALL OTHERS", 588, 159, 37),
    ("PASTRY", "OTHER", 576, 415, 503),
    ("GROCERY", "DINNER MXS:DRY", 570, 233, 232),
    ("DRUG GM", "BABY FOODS", 535, 118, 0),
    ("GROCERY", "REFRGRATD DOUGH PRODUCTS", 529, 231, 274),
    ("PRODUCE", "SALAD MIX", 526, 256, 25),
    ("GROCERY", "BAKING MIXES", 519, 171, 89),
    ("PRODUCE", "ONIONS", 515, 137, 151),
    ("GROCERY", "BEERS-ALES", 507, 850, 2),
    ("MEAT", "CHICKEN", 505, 503, 0),
    ("GROCERY", "CAT FOOD", 487, 210, 133),
    ("GROCERY", "DRY NOODLES-PASTA", 475, 133, 356),
    ("PRODUCE", "POTATOES", 457, 275, 560),
    ("PRODUCE", "TOMATOES", 454, 271, 258),
    ("GROCERY", "FD WRAPS-BAGS-TRSH BG", 429, 338, 555),
    ("GROCERY", "COFFEE", 426, 467, 357),
    ("GROCERY", "MARGARINES", 423, 158, 121),
    ("GROCERY", "PASTA SAUCE", 420, 250, 107),
    ("GROCERY", "BAKING NEEDS", 418, 224, 435),
    ("GROCERY", "FRZN NOVELTIES-WTR ICE", 414, 276, 553),
    ("DELI", "CHEESES", 410, 373, 83),
    ("PRODUCE", "APPLES", 404, 262, 17),
    ("GROCERY", "PWDR-CRYSTL DRNK MX", 401, 125, 115),
    ("MEAT", "PORK", 391, 646, 5),
    ("GROCERY", "PNT BTR-JELLY-JAMS", 376, 246, 481),
    ("PRODUCE", "BERRIES", 375, 332, 0),
    ("GROCERY", "BATH TISSUES", 372, 449, 253),
    ("GROCERY", "BEANS - CANNED GLASS & MW", 365, 143, 367),
    ("MEAT-PCKGD", "BREAKFAST SAUSAGE-SANDWICHES", 365, 363, 153),
    ("GROCERY", "SPICES & EXTRACTS", 363, 219, 598),
    ("GROCERY", "DOG FOODS", 360, 418, 186),
    ("PRODUCE", "CITRUS", 360, 207, 3),
    ("MEAT-PCKGD", "DINNER SAUSAGE", 356, 360, 67),
    ("GROCERY", "ISOTONIC DRINKS", 344, 209, 0),
    ("DRUG GM", "CIGARETTES", 342, 793, 0),
    ("MEAT-PCKGD", "BACON", 338, 390, 275),
    ("DRUG GM", "GREETING CARDS-WRAP-PARTY SPLY", 336, 275, 0),
    ("DRUG GM", "HAIR CARE PRODUCTS", 336, 361, 3),
    ("MEAT-PCKGD", "HOT DOGS", 333, 299, 117),
    ("GROCERY", "PAPER HOUSEWARES", 332, 242, 765),
    ("PRODUCE", "GRAPES", 332, 325, 0),
    ("GROCERY", "DRY MIX DESSERTS", 321, 125, 324),
    ("GROCERY", "FRZN BREAKFAST FOODS", 316, 246, 247),
    ("GROCERY", "SUGARS-SWEETNERS", 313, 245, 684),
    ("DRUG GM", "ORAL HYGIENE PRODUCTS", 305, 325, 121),
    ("DELI", "OTHER", 300, 506, 270),
    ("MEAT-PCKGD", "FROZEN MEAT", 300, 503, 200),
    ("PRODUCE", "VEGETABLES SALAD", 298, 125, 40),
    ("DRUG GM", "MAGAZINE", 295, 342, 0),
    ("MEAT-PCKGD", "MEAT - MISC", 292, 673, 538),
    ("SALAD BAR", "SALAD BAR", 289, 329, 3),
    ("GROCERY", "SEAFOOD - SHELF STABLE", 284, 282, 359),
    ("GROCERY", "SHORTENING-OIL", 279, 345, 638),
    ("PRODUCE", "PEPPERS-ALL", 279, 151, 0),
    ("GROCERY", "HOUSEHOLD CLEANG NEEDS", 276, 382, 192),
    ("GROCERY", "PAPER TOWELS", 276, 286, 659),
    ("GROCERY", "WAREHOUSE SNACKS", 269, 178, 37),
    ("GROCERY", "LAUNDRY DETERGENTS", 268, 601, 75),
    ("GROCERY", "MISC. DAIRY", 263, 262, 316),
    ("GROCERY", "FRZN POTATOES", 257, 234, 510),
    ("GROCERY", "FROZEN PIE-DESSERTS", 256, 269, 238),
    ("PASTRY", "BREAKFAST SWEETS", 256, 214, 387),
    ("PRODUCE", "CARROTS", 256, 188, 852),
    ("DELI", "SALADS-DIPS", 250, 332, 452),
    ("MEAT", "OTHER", 243, 622, 16),
    ("PASTRY", "BREAD", 234, 206, 432),
    ("DRUG GM", "SOAP - LIQUID & BAR", 227, 302, 66),
    ("GROCERY", "DRY SAUCES-GRAVY", 227, 153, 419),
    ("SEAFOOD-PCKGD", "SEAFOOD - FROZEN", 220, 580, 668),
    ("GROCERY", "FACIAL TISS-DNR NAPKIN", 219, 248, 502),
    ("PRODUCE", "ORGANICS FRUIT & VEGETABLES", 214, 260, 42),
    ("NUTRITION", "REFRIGERATED", 209, 342, 120),
    ("GROCERY", "FROZEN BREAD-DOUGH", 204, 237, 206),
    ("PRODUCE", "STONE FRUIT", 203, 276, 0),
    ("MEAT-PCKGD", "HEAT-SERVE", 200, 444, 115),
    ("GROCERY", "PICKLE-RELISH-PKLD VEG", 198, 222, 444),
    ("DRUG GM", "STATIONERY & SCHOOL SUPPLIES", 197, 289, 162),
    ("MISCELLANEOUS", "OTHER", 194, 317, 15),
    ("PRODUCE", "VALUE ADDED FRUIT", 193, 274, 0),
    ("GROCERY", "HOT CEREAL", 191, 270, 377),
    ("PRODUCE", "PROCESSED", 190, 298, 111),
    ("COSMETICS", "MAKEUP AND TREATMENT", 182, 424, 154),
    ("MISCELLANEOUS", "COUPON-MISC ITEMS", 182, 2162, 967),
    ("DRUG GM", "COLD AND FLU", 181, 410, 254),
    ("GROCERY", "DISHWASH DETERGENTS", 181, 279, 144),
    ("DELI", "CHICKEN-POULTRY", 173, 543, 890),
    ("FLORAL", "OTHER", 136, 905, 118),
    ("SEAFOOD", "OTHER", 98, 759, 20),
    ("SEAFOOD-PCKGD", "OTHER", 93, 389, 183),
    ("FUEL", "FUEL", 71, 1735, 1000),
    ("SPIRITS", "LIQUOR", 68, 1195, 0),
    ("COSMETICS", "OTHER", 53, 597, 113),
    ("MEAT-PCKGD", "OTHER", 48, 242, 292),
)

LINES_MEAN_LESS_ONE = (843, 100)
"""Mean lines of a basket behind the first one, as a fraction; the shape is one half."""

HOURS = (
    316, 146, 116, 69, 33, 62, 184, 397, 702, 1249, 2109, 2946,
    3311, 3509, 3543, 3821, 4456, 5012, 4698, 3760, 2958, 2035, 1232, 579,
)  # fmt: skip
"""Baskets by hour of the day, from midnight."""

WEEKDAYS = (6768, 6075, 5973, 5977, 6352, 7708, 8390)
"""Baskets by day of the week, from Monday."""

BASKETS_A_YEAR = 63
"""Baskets of a household in a year, in the full set."""

RATES = (64, 128, 208, 281, 370, 448, 553, 665, 799, 947, 1112, 1306, 1539, 1835, 2251, 3481)
"""How often each sixteenth of the households shops, per mille of the mean."""

CARD_PRICE_DEPTH = 254
"""What the card takes off, per mille of the gross, on the half of the lines that it is for."""

HOME_PER_MILLE = 770
SECOND_PER_MILLE = 180
"""How often a household goes to the store it goes to most, and to its second; else to any."""

HOME_STORES_PER_MILLE = 400
"""The share of the stores that is anybody's first; one in three takes 95 % of the baskets."""

QUANTITIES = (1,) * 25 + (2,) * 5 + (3, 4)
"""Units of a line, one of these at random."""

FUEL_MILLI = 9_600
"""A unit of fuel: what a household tanks at a time, in thousandths of a gallon."""

ANONYMOUS_PER_MILLE = 40
"""Baskets without a card, of all baskets; the data has none, chains report about as many."""

CAMPAIGNS = (
    # first day from 1 January, days, targets per mille of the households, users per mille of those
    (-48, 64, 5, 0),
    (-26, 62, 7, 59),
    (-4, 54, 48, 102),
    (38, 47, 146, 100),
    (61, 38, 5, 77),
    (66, 33, 19, 42),
    (71, 57, 5, 167),
    (87, 33, 33, 74),
    (92, 35, 67, 48),
    (108, 33, 26, 15),
    (113, 35, 80, 25),
    (127, 49, 436, 147),
    (150, 33, 71, 114),
    (178, 33, 50, 81),
    (192, 47, 87, 28),
    (192, 33, 69, 65),
    (219, 48, 436, 182),
    (246, 66, 91, 80),
    (262, 162, 7, 118),
    (276, 33, 76, 101),
    (290, 33, 82, 89),
    (302, 56, 459, 189),
    (318, 33, 53, 115),
    (330, 71, 99, 45),
    (339, 33, 26, 31),
    (339, 33, 112, 54),
    (361, 39, 74, 16),
)
