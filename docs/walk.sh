#!/usr/bin/env bash
# The whole way of one promise, with curl alone; docs/walk.md explains each step, and holds the same commands.
# Takes BASE (http://127.0.0.1:8000 unless set), and in CONVENOR, RESPONDER, TEAM, PANEL and RESIDENT1 to RESIDENT6 keys
# made by `manage.py issue_key`. May be run again on the same server.
set -eu

BASE=${BASE:-http://127.0.0.1:8000}
FOLDER=$(mktemp -d)
trap 'rm -r "$FOLDER"' EXIT
ONCE=walk-$(date +%s)-$$
YEAR=$(($(date +%Y) + 1))

say() { printf '\n%s\n' "$1"; }
told() { grep -o "\"$1\":\"[^\"]*\"" "$FOLDER/body" | head -n 1 | cut -d '"' -f 4; }
header() { tr -d '\r' <"$FOLDER/head" | grep -i "^$1:" | cut -d ' ' -f 2-; }
is() {
    [ "$(told "$1")" = "$2" ] && printf '      %s: %s\n' "$1" "$2" && return
    printf 'Expected the %s %s in:\n' "$1" "$2" && cat "$FOLDER/body" && return 1
}
# call STATUS METHOD ADDRESS KEY [BODY [HEADER]]; STATUS may be several: 201,409
call() {
    local status
    status=$(curl -sS -X "$2" "$BASE/api/v1/$3" -o "$FOLDER/body" -D "$FOLDER/head" -w '%{http_code}' \
        ${4:+-H "Authorization: Bearer $4"} ${5:+-H 'Content-Type: application/json' -d "$5"} ${6:+-H "$6"})
    printf '  %s %s %s\n' "$status" "$2" "$3"
    case $status in 4*) printf '      “%s”\n' "$(told detail)" ;; esac
    case ,$1, in *",$status,"*) return ;; esac
    printf 'Expected %s; the answer was:\n' "$1" && cat "$FOLDER/body" && return 1
}

say 'Where the record stands.'
call 200 GET 'events/?after=0&page_size=1' ''
START=$(header Record-Position)

say '1. The convenor asks the police about WF24-R05.'
call 401 POST recommendations/WF24-R05/asked/ '' '{"organisation":"metropolitan-police"}'
call 403 POST recommendations/WF24-R05/asked/ "$RESPONDER" '{"organisation":"metropolitan-police"}'
call 201,409 POST recommendations/WF24-R05/asked/ "$CONVENOR" '{"organisation":"metropolitan-police"}'
call 409 POST recommendations/WF24-R05/asked/ "$CONVENOR" '{"organisation":"metropolitan-police"}'

say '2. A responder answers for the police: partly accepted, with a reason.'
ANSWER='"organisation":"metropolitan-police","position":"partly_accepted","body":"We will meet young people every month."'
call 403 POST recommendations/WF24-R05/responses/ "$TEAM" "{$ANSWER,\"reason\":\"Officers are few.\"}"
call 400 POST recommendations/WF24-R05/responses/ "$RESPONDER" "{$ANSWER}"
call 201 POST recommendations/WF24-R05/responses/ "$RESPONDER" "{$ANSWER,\"reason\":\"Officers are few.\"}"
is position partly_accepted

say '3. The responder publishes a commitment with a lead and a co-owner.'
PROMISE='{"assembly":"waltham-forest-2024","recommendations":["WF24-R05"],
  "title":"Meet young people every month in each ward",
  "owners":[{"team":"wf-safer-neighbourhoods","lead":true},{"team":"wf-safer-neighbourhoods-central"}],
  "due":{"on":"'$YEAR'-03-31","precision":"quarter","text":"by spring"},
  "measure":"Meetings held","baseline":"None","target":"Twelve in each ward","proof":"Published minutes"}'
call 403 POST commitments/ "$TEAM" "$PROMISE"
call 201 POST commitments/ "$RESPONDER" "$PROMISE"
COMMITMENT=$(told reference)
is standing no_word

say "4. The team posts an update on $COMMITMENT."
call 403 POST "commitments/$COMMITMENT/updates/" "$RESIDENT1" '{"body":"I saw nobody.","status":"in_progress"}'
call 201 POST "commitments/$COMMITMENT/updates/" "$TEAM" '{"body":"Two wards have met.","status":"in_progress"}'

say '5. The team asks for a later date: once it is approved, once refused.'
DATES=commitments/$COMMITMENT/due-date-changes
LATER='{"on":"'$YEAR'-06-30","precision":"quarter","text":"by summer","reason":"Two posts are vacant."}'
STILL='{"on":"'$YEAR'-12-31","precision":"quarter","text":"by winter","reason":"One post is vacant."}'
call 201 POST "$DATES/" "$TEAM" "$LATER"
CHANGE=$(told id)
call 409 POST "$DATES/" "$TEAM" "$STILL"
call 403 POST "$DATES/$CHANGE/approve/" "$RESPONDER"
call 200 POST "$DATES/$CHANGE/approve/" "$CONVENOR" '{"reason":"Agreed, this once."}'
call 409 POST "$DATES/$CHANGE/approve/" "$CONVENOR"
call 201 POST "$DATES/" "$TEAM" "$STILL"
CHANGE=$(told id)
call 400 POST "$DATES/$CHANGE/refuse/" "$CONVENOR"
call 200 POST "$DATES/$CHANGE/refuse/" "$CONVENOR" '{"reason":"One vacancy does not delay twelve meetings."}'
is state refused

say '6. The team claims completion, with evidence; sent twice, it counts once.'
UPDATES=commitments/$COMMITMENT/updates/
SHOWN='"evidence":[{"title":"Minutes","url":"https://example.org/minutes"}]'
call 400 POST "$UPDATES" "$TEAM" '{"body":"All wards have met.","status":"completed"}'
call 201 POST "$UPDATES" "$TEAM" '{"body":"All wards have met.","status":"completed",'"$SHOWN}" "Idempotency-Key: $ONCE"
CLAIM=$(told id)
call 201 POST "$UPDATES" "$TEAM" '{"body":"All wards have met.","status":"completed",'"$SHOWN}" "Idempotency-Key: $ONCE"
is id "$CLAIM"
call 422 POST "$UPDATES" "$TEAM" '{"body":"Others too.","status":"completed",'"$SHOWN}" "Idempotency-Key: $ONCE"

say '7. The panel looks, and finds it not done.'
call 403 POST "commitments/$COMMITMENT/verifications/" "$TEAM" '{"claim":"'$CLAIM'","finding":"verified","reason":"We did."}'
call 201 POST "commitments/$COMMITMENT/verifications/" "$PANEL" \
    '{"claim":"'$CLAIM'","finding":"not_verified","reason":"The minutes show two wards."}'
call 200 GET "commitments/$COMMITMENT/" ''
is standing contested

say '8. The team claims again.'
call 201 POST "$UPDATES" "$TEAM" '{"body":"Now all wards have met.","status":"completed",'"$SHOWN}"
CLAIM2=$(told id)
call 409 POST "commitments/$COMMITMENT/verifications/" "$PANEL" '{"claim":"'$CLAIM'","finding":"verified","reason":"Late."}'
call 200 GET "commitments/$COMMITMENT/" ''
is standing claimed

say '9. A resident proposes a challenge, the convenor admits it, and four others support it.'
DISPUTE='{"claim":"'$CLAIM2'","reason":"In our ward nobody has met."}'
call 403 POST "commitments/$COMMITMENT/challenges/" "$CONVENOR" "$DISPUTE"
call 403 POST "commitments/$COMMITMENT/challenges/" "$TEAM" "$DISPUTE"
call 201 POST "commitments/$COMMITMENT/challenges/" "$RESIDENT1" "$DISPUTE"
CHALLENGE=challenges/$(told id)
call 409 POST "$CHALLENGE/support/" "$RESIDENT2"
call 403 POST "$CHALLENGE/admit/" "$RESIDENT2"
call 200 POST "$CHALLENGE/admit/" "$CONVENOR"
call 409 POST "$CHALLENGE/support/" "$RESIDENT1"
call 409 POST "$CHALLENGE/reply/" "$TEAM" '{"body":"We have."}'
for KEY in "$RESIDENT2" "$RESIDENT3" "$RESIDENT4" "$RESIDENT5"; do call 200 POST "$CHALLENGE/support/" "$KEY"; done
is state open
call 409 POST "$CHALLENGE/withdraw/" "$RESIDENT1"

say '10. The team replies; the convenor upholds the challenge.'
call 409 POST "$CHALLENGE/resolve/" "$CONVENOR" '{"outcome":"upheld","reason":"Too soon."}'
call 200 GET "$CHALLENGE/" ''
READ=$(header ETag)
call 403 POST "$CHALLENGE/reply/" "$RESIDENT1" '{"body":"We have."}'
call 200 POST "$CHALLENGE/reply/" "$TEAM" '{"body":"The meeting in that ward was cancelled."}'
DECISION='{"outcome":"upheld","reason":"One ward of twenty-two is missing."}'
call 412 POST "$CHALLENGE/resolve/" "$CONVENOR" "$DECISION" "If-Match: $READ"
call 200 GET "$CHALLENGE/" ''
READ=$(header ETag)
call 201 POST "commitments/$COMMITMENT/challenges/" "$RESIDENT6" "$DISPUTE"
call 200 POST "challenges/$(told id)/withdraw/" "$RESIDENT6"
call 200 POST "$CHALLENGE/resolve/" "$CONVENOR" "$DECISION" "If-Match: $READ"
is outcome upheld
call 409 POST "$CHALLENGE/resolve/" "$CONVENOR" "$DECISION"

say '11. The commitment is contested, and every step stands in the record.'
call 200 GET "commitments/$COMMITMENT/" ''
is standing contested
call 200 GET "events/?after=$START&page_size=100" ''
TYPES=" $(grep -o '"type":"[^"]*"' "$FOLDER/body" | cut -d '"' -f 4 | tr '\n' ' ')"
for TYPE in response.published commitment.published update.posted due_date.requested due_date.approved \
    due_date.requested due_date.refused update.posted verification.published update.posted challenge.proposed \
    words.published challenge.opened challenge.answered challenge.proposed challenge.withdrawn challenge.resolved; do
    case $TYPES in
    *" $TYPE "*) TYPES=" ${TYPES#* "$TYPE" }" && printf '      %s\n' "$TYPE" ;;
    *) printf '%s is missing after these in the record.\n' "$TYPE" && false ;;
    esac
done
say "$COMMITMENT went the whole way: $BASE/api/v1/commitments/$COMMITMENT/"
