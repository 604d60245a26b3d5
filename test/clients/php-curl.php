<?php
// As an order page does it: PHP with the curl extension. It sends an array in CURLOPT_POSTFIELDS as multipart, also to
// ringout.asp, and names the fields of an array Recipient[0], Recipient[1].

function post($path, $fields) {
    $curl = curl_init(getenv('BASE_URL') . $path);
    curl_setopt($curl, CURLOPT_POST, true);
    curl_setopt($curl, CURLOPT_POSTFIELDS, $fields);
    curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
    // With this option the answer to a status other than 2xx is false, and the reason is lost.
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
// The cast turns an empty answer and an HTML page into 0. Before PHP 8 they were equal to 0 even without it.
if ((int) $answer !== 0) exit("fax failed: $answer\n");
print "fax: $answer\n";
