#!/usr/bin/perl
# As a mail gateway does it: Perl with LWP. It searches the answer for "ok" in any case.
use strict;
use warnings;
use HTTP::Request::Common qw(GET POST);
use LWP::UserAgent;
use URI;

my $agent = LWP::UserAgent->new(agent => '');
my @user = (Username => $ENV{RC_USERNAME}, Ext => $ENV{RC_EXT}, Password => $ENV{RC_PASSWORD});

sub ringout {
    my ($cmd, @fields) = @_;
    my $uri = URI->new("$ENV{BASE_URL}/ringout.asp");
    $uri->query_form(cmd => $cmd, @fields);
    my $response = $agent->request(GET $uri);
    die $response->status_line, "\n" unless $response->is_success;
    die "$cmd failed: ", $response->content, "\n" unless $response->content =~ /ok/i;
    print "$cmd: ", $response->content, "\n";
    return $response->content;
}

ringout('list', @user);
my ($session) = ringout('call', @user, To => $ENV{TO}, From => $ENV{FROM}, Prompt => 1) =~ /^OK (\d+) \S+$/;
ringout('status', SessionID => $session);
ringout('cancel', SessionID => $session);

my $response = $agent->request(POST "$ENV{BASE_URL}/faxapi.asp", Content_Type => 'multipart/form-data', Content => [
    Username   => "$ENV{RC_USERNAME}*$ENV{RC_EXT}",
    Password   => $ENV{RC_PASSWORD},
    Recipient  => "$ENV{TO}|Demo Recipient",
    Coverpage  => 'None',
    Resolution => 'Low',
    Attachment => [$ENV{FAX_FILE}],
]);
# A word counts as 0 here, so without the pattern an HTML page would count as a fax that was sent.
no warnings 'numeric';
die 'fax failed: ', $response->content, "\n" unless $response->content == 0 && $response->content =~ /^\d$/;
print 'fax: ', $response->content, "\n";
