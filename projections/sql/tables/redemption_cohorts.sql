-- What became of what one month issued.  Nothing leaves that was not there: no share is above 1.
CREATE TABLE redemption_cohorts (
    issue_month date NOT NULL,
    instrument text COLLATE "C" NOT NULL,
    wallet_or_voucher text COLLATE "C" NOT NULL,
    promotion_id text COLLATE "C" NOT NULL,
    issued bigint NOT NULL,
    redeemed bigint NOT NULL,
    expired bigint NOT NULL,
    reversed bigint NOT NULL,
    PRIMARY KEY (issue_month, instrument, wallet_or_voucher, promotion_id),
    CHECK (redeemed >= 0 AND expired >= 0 AND reversed >= 0),
    CHECK (redeemed + expired + reversed <= issued)
) WITH (fillfactor = 60);
