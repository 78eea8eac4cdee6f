"""What in an address only tells how its reader came, or asks for another view of the same article. Pure.

A name stands here only if no site is likely to tell its articles apart by it: two articles under one key are one alert
too few, one article under two keys is only a repeat. So where a name has other uses too, its value must fit as well.
"""

from __future__ import annotations

import re
from typing import Final


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# -- names that only trackers bear ---------------------------------------------------------------

_PREFIXES: Final = (
    "utm_", "at_", "mtm_", "matomo_", "piwik_", "guce_", "gad_", "gaa_", "hsa_", "cm_mmc", "fb_action_",
    "__cft__", "__xts__", "aspsessionid",
)  # fmt: skip
_NAMES: Final = (
    # advertisements and social networks: the id of a click or of a share
    _set("fbclid fb_source fb_ref fb_comment_id mibextid sfnsn __tn__ igshid igsh gclid gclsrc dclid gbraid wbraid srsltid")
    | _set("msclkid yclid ysclid ymclid twclid ttclid li_fat_id sccid epik rdt_cid irclickid irgwc cjevent sscid obclid")
    | _set("dicbo oborigurl tblci nx_source _openstat __twitter_impression spm vd_source spm_id_from isappinstalled")
    | _set("_branch_match_id _branch_referrer lipi trkcampaign trkinfo hss_channel hss_meta hootpostid ref_src ref_url")
    # letters to subscribers
    | _set("mc_cid mc_eid mkt_tok oly_anon_id oly_enc_id vero_id vero_conv _ke _kx _bhlid ck_subscriber_id vgo_ee dm_i")
    | _set("ml_subscriber ml_subscriber_hash emci emdi spmailingid spuserid spjobid spreportid sfmc_id sfmc_sub bxid")
    | _set("elqtrackid elqaid elqat elqcampaignid _hsenc _hsmi hsctatracking __hstc __hssc __hsfp wickedid wickedsource")
    # counters and campaigns
    | _set("_ga _gl _gac pk_campaign pk_kwd pk_keyword pk_source pk_medium pk_content pk_cid ns_mchannel ns_source")
    | _set("ns_campaign ns_linkname ns_fee int_source int_medium int_campaign itm_source itm_medium itm_campaign itm_content xtor xtref wt_mc wt_zmc wt.mc_id wt.tsrc")
    | _set("s_cid s_kwcid ef_id guccounter soc_src soc_trk .tsrc cx_testid cx_testvariant cx_artpos cx_cid mktcid mktcval")
    | _set("sr_share smtyp echobox tag_from maca wprss wpisrc ftcamp n_cid dcmp ftag traffic_source intlink_from_url")
    | _set("reflink referringsource unlocked_article_code lgn_method google_btn jxconn jxrecoid _rstos tracking_page_direct")
    # sessions, comments and the viewer of AMP
    | _set("phpsessid jsessionid replytocom doing_wp_cron amp_js_v amp_gsa amp_r amp_ct amp_tf amp_lite ampshare usqp")
)  # fmt: skip
# Names of trackers that may be somebody's number of an article too: a bare number stays.
_UNLESS_NUMBER: Final = _set("cmpid cmp intcmp intcid icid ncid ocid cvid smid mbid trk fsrc eref taid __source")
_SOCIALFLOW: Final = re.compile(r"sf\d{6,}")

# -- names that say nothing with such a value ------------------------------------------------------

_CAME_FROM: Final = _set(
    "ref source src from via referrer referer referral origin medium campaign partner emc share shared"
)
_CHANNELS: Final = _set(
    "rss rss1 rss2 rssfeed feed feeds feedburner atom newsletter email mail push pushnotification notification"
    " facebook fb twitter tw x tco instagram ig whatsapp wa telegram tg linkedin pinterest reddit tiktok threads line"
    " google googlenews gnews googlediscover bing yahoo flipboard pocket social socialmedia socialshare sharing share"
    " sharebutton copylink copy home homepage app android ios amp autonext"
)
_NO_WORD: Final = re.compile(r"[^a-z0-9]+")
# rss----4f1a2---4 as Medium writes it; a site that links to its readers' sources as Ghost does
_OTHER_CHANNEL: Final = re.compile(r"rss[-_].*|(?:[a-z0-9-]+\.)+(?:com|org|net|io|co|ai|news|blog|id)")

_VIEWS: Final = {
    "amp": _set("1 0 true false on yes") | {""},
    "outputtype": _set("amp"),
    "output": _set("amp"),
    "format": _set("amp"),
    "view": _set("amp"),
    "is_amp": _set("1 true"),
    "hs_amp": _set("1 true"),
    "isamp": _set("1 true"),
    "wpamp": _set("1 true") | {""},
    "noamp": _set("1 true mobile available") | {""},
    "nonamp": _set("1 true") | {""},
    "page": _set("all full"),
    "showpage": _set("all"),
    "single": _set("1"),
    "s": _set("paging_new"),
    "print": _set("1 true yes"),
    "rss": _set("1 true yes"),
}
_OF_LIVE_PAGE: Final = re.compile(r"with:block-[\w-]+")


def is_tracker(name: str, value: str) -> bool:
    """Whether a parameter (its name in lower case) only tells how the reader came."""
    if name in _NAMES or name.startswith(_PREFIXES):
        return True
    if name in _UNLESS_NUMBER:
        return not value.isdigit()
    if name in _CAME_FROM:
        value = value.lower()
        return _NO_WORD.sub("", value) in _CHANNELS or _OTHER_CHANNEL.fullmatch(value) is not None
    return name.startswith("sf") and value == "1" and _SOCIALFLOW.fullmatch(name) is not None


def is_view(name: str, value: str) -> bool:
    """Whether a parameter asks for another view of the same article: for AMP, or for all of its pages at once."""
    return value.lower() in _VIEWS.get(name, ()) or (name == "page" and _OF_LIVE_PAGE.fullmatch(value) is not None)
