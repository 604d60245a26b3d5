<?php
// An order page's way: PHP with the curl extension. An array given to CURLOPT_POSTFIELDS goes out as multipart, for
// ringout.asp too, and fields that stand for arrays are called Recipient[0], Recipient[1].

function post($path, $fields) {
    $curl = curl_init(getenv('BASE_URL') . $path);
    curl_setopt($curl, CURLOPT_POST, true);
    curl_setopt($curl, CURLOPT_POSTFIELDS, $fields);
    curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
    // For a status other than 2xx the answer would be false, and the reason would be lost.
    curl_setopt($curl, CURLOPT_FAILONERROR, true);
    $answer = curl_exec($curl);
    if ($answer === false) exit('curl: ' . curl_error($curl) . "\n");
    return $answer;
}

function ringout($cmd, $fields) {
    $answer = post('/ringout.asp', array('cmd' => $cmd) + $fields);
    if (substr($answer, 0, 2) != 'OK') exit("$cmd failed: $answer\n");
    print "$cmd: $answer\n";
    return substr($answer, 3);
}

$user = array('Username' => getenv('RC_USERNAME'), 'Ext' => getenv('RC_EXT'), 'Password' => getenv('RC_PASSWORD'));

$number_of = array();
foreach (array_chunk(explode(';', ringout('list', $user)), 2) as $pair) $number_of[$pair[1]] = $pair[0];

$call = array('To' => getenv('TO'), 'From' => $number_of['Business'], 'Prompt' => '1');
list($session_id, $ws) = explode(' ', ringout('call', $user + $call));
$session = array('SessionID' => $session_id, 'WS' => $ws);

list(, $groups) = explode(' ', ringout('status', $session));
list($general, , $destination, , $call_back) = explode(';', $groups);
if ("$general$destination$call_back" != '111') exit("status: the call does not ring\n");

ringout('cancel', $session);

$answer = post('/faxapi.asp', array(
    'Attachment' => new CURLFile(getenv('FAX_FILE')),
    'Username' => getenv('RC_USERNAME') . '*' . getenv('RC_EXT'),
    'Password' => getenv('RC_PASSWORD'),
    'Recipient[0]' => getenv('TO') . '|Demo Recipient',
    'Coverpage' => 'None',
    'Resolution' => '',
));
// Before PHP 8 an empty answer and a page of HTML were equal to 0 too, as the cast still makes them.
if ((int) $answer !== 0) exit("fax failed: $answer\n");
print "fax: $answer\n";
