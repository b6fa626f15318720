PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO _sqlx_migrations VALUES(1,'0001_desk','2026-11-30 09:29:36',1,X'c158066fdb539c0decedee18c47e2a0c718a7d390d3a61808fe50ab629dffc049777672f9c6ca353ed2afa1ada683113',18219199);
INSERT INTO _sqlx_migrations VALUES(2,'0002_api','2026-11-30 09:29:36',1,X'b875e58a7fd79af00032d505a84230e9633cb62893f78750b0cadd15dc71834e4162582134262e8f646c2a4c05ff919f',3862839);
INSERT INTO _sqlx_migrations VALUES(3,'0003_probes','2026-11-30 09:29:36',1,X'4fe8c703bda680ce95b21a806d167095fef265f022db1b143de396696bbfcedb9a264a41798d86ab69dfe482f1ff43fb',7412580);
INSERT INTO _sqlx_migrations VALUES(4,'0004_contact','2026-11-30 09:29:36',1,X'9f1ba9032f865f1542c4e054f8673a8e8976c3be8cb601184df989da763cf1f249667fb950a5ceb594bcad236fe6e414',7682182);
INSERT INTO _sqlx_migrations VALUES(5,'0005_escalation','2026-11-30 09:29:36',1,X'6fb3cef6ef252fbf651ca9e841a42095aa1fbaef8495b935605e6b7643ed8bd784a5fd70e3efc1cdc017e3e725b31b8c',1603210);
INSERT INTO _sqlx_migrations VALUES(6,'0006_sharing','2026-11-30 09:29:36',1,X'8e054db7fda842332e7720c2d3e8c33867967d653eb498bc54a38d3e75e5ea46a9475e008cd518bc1b50780b4d14b697',3050407);
INSERT INTO _sqlx_migrations VALUES(7,'0007_oauth','2026-11-30 09:29:36',1,X'bdb75cc7361add2ce47d3a8cfc73489b3b180e04a0d353e3f75e6c72a61fd65db36bb58888e5933f8568bfa4805a4edc',473375);
INSERT INTO _sqlx_migrations VALUES(8,'0008_traffic','2026-11-30 09:29:36',1,X'09d54d1634ddbbc429c1cf68d56975f2d40fc892b55a444a2bc5c95e9db29ea5e1dfd1d534b09339be3506b12710d95f',2300580);
CREATE TABLE queues (
    id integer primary key autoincrement,
    slug text not null unique,
    title text not null,
    address text not null,
    created_at integer not null,
    disabled_at integer
, escalation text) strict;
INSERT INTO queues VALUES(1,'support','Support','help@desk.test',1796030976688059,NULL,'Limits { queue: None, priorities: {} } WorkingHours { days: [[(0, 86400000000)], [(0, 86400000000)], [(0, 86400000000)], [(0, 86400000000)], [(0, 86400000000)], [(0, 86400000000)], [(0, 86400000000)]] } TimeZone(UTC)');
INSERT INTO queues VALUES(2,'sales','Sales','sales@desk.test',1796030976688059,NULL,'Limits { queue: None, priorities: {} } WorkingHours { days: [[(0, 86400000000)], [(0, 86400000000)], [(0, 86400000000)], [(0, 86400000000)], [(0, 86400000000)], [(0, 86400000000)], [(0, 86400000000)]] } TimeZone(UTC)');
CREATE TABLE ticket_types (
    id integer primary key autoincrement,
    queue_id integer not null references queues (id) on delete restrict,
    name text not null unique,
    due_hours integer,
    priority integer not null check (priority between 1 and 5),
    disabled_at integer
) strict;
INSERT INTO ticket_types VALUES(1,1,'Payment',24,3,NULL);
INSERT INTO ticket_types VALUES(2,2,'Sales',NULL,3,NULL);
CREATE TABLE mailboxes (
    id integer primary key autoincrement,
    queue_id integer not null references queues (id) on delete restrict,
    identity text not null,
    uid_validity integer,
    -- Messages up to here were there before first contact and are not ours.
    first_uid integer not null,
    last_uid integer not null,
    not_before integer,
    -- How often the server began its count of UIDs anew.
    rescans integer not null,
    lease_by text,
    lease_until integer not null,
    capabilities text not null,
    healthy_at integer,
    failing_since integer,
    last_error text,
    created_at integer not null, contact_uid integer not null default 0,
    unique (queue_id, identity)
) strict;
CREATE TABLE gaps (
    mailbox_id integer not null references mailboxes (id) on delete cascade,
    uid_validity integer not null,
    uid integer not null,
    reason text not null,
    attempts integer not null,
    due_at integer not null,
    created_at integer not null,
    primary key (mailbox_id, uid_validity, uid)
) strict;
CREATE TABLE users (
    id integer primary key autoincrement,
    role text not null check (role in ('customer', 'agent', 'admin')),
    email text,
    email_key text unique,
    name text not null,
    username text unique,
    password_hash text,
    locale text,
    version integer not null,
    created_at integer not null,
    disabled_at integer
) strict;
INSERT INTO users VALUES(1,'agent','alex@staff.test','alex@staff.test','Alex','alex','$argon2id$v=19$m=19456,t=2,p=1$pX57wtPFaE5TJsdUI/YJYw$jIvc+IZyFOXFn1fhmlFum/2APh5QbHMTZOcbjTetJFQ',NULL,1,1796030976725059,NULL);
INSERT INTO users VALUES(2,'admin','berta@staff.test','berta@staff.test','Berta','berta',NULL,NULL,1,1796030976748858,NULL);
INSERT INTO users VALUES(3,'customer','ann@customer.test','ann@customer.test','ann@customer.test',NULL,NULL,NULL,1,1796030976944099,NULL);
INSERT INTO users VALUES(4,'customer','bob@customer.test','bob@customer.test','bob@customer.test',NULL,NULL,NULL,1,1796030976944099,NULL);
INSERT INTO users VALUES(5,'customer','cid@other.test','cid@other.test','cid@other.test',NULL,NULL,NULL,1,1796030976944099,NULL);
INSERT INTO users VALUES(6,'customer','cron@monitor.test','cron@monitor.test','cron@monitor.test',NULL,NULL,NULL,1,1796030977077213,NULL);
INSERT INTO users VALUES(7,'customer','uwe@customer.test','uwe@customer.test','uwe@customer.test',NULL,NULL,NULL,1,1796030977104861,NULL);
INSERT INTO users VALUES(8,'customer','dora@customer.test','dora@customer.test','dora@customer.test',NULL,NULL,NULL,1,1796030977157666,NULL);
INSERT INTO users VALUES(9,'customer','eva@customer.test','eva@customer.test','eva@customer.test',NULL,NULL,NULL,1,1796030977245327,NULL);
INSERT INTO users VALUES(10,'customer','gone@customer.test','gone@customer.test','gone@customer.test',NULL,NULL,NULL,1,1796030977400654,NULL);
INSERT INTO users VALUES(11,'customer','fay@customer.test','fay@customer.test','fay@customer.test',NULL,NULL,NULL,1,1796030977665369,NULL);
INSERT INTO users VALUES(12,'customer','new@customer.test','new@customer.test','new@customer.test',NULL,NULL,NULL,1,1796030978044660,NULL);
INSERT INTO users VALUES(13,'customer','api@customer.test','api@customer.test','api@customer.test',NULL,NULL,NULL,1,1796030978539864,NULL);
CREATE TABLE keys (
    id integer primary key autoincrement,
    secret blob not null,
    created_at integer not null,
    retired_at integer
) strict;
INSERT INTO keys VALUES(1,X'263798a7c830220598e88c0caf7e7be771609f4d6a374c7dc423cb73b2765977',1796030976670670,NULL);
CREATE TABLE tickets (
    id integer primary key autoincrement,
    uuid text not null,
    queue_id integer not null references queues (id) on delete restrict,
    type_id integer references ticket_types (id) on delete restrict,
    subject text not null,
    submitter_id integer references users (id) on delete restrict,
    -- Where the submitter asked answers to go, if not to his own address.
    reply_to text,
    owner_id integer references users (id) on delete restrict,
    status text not null check (status in ('open', 'reopened', 'resolved', 'closed', 'merged')),
    held_at integer,
    held_by text,
    priority integer not null check (priority between 1 and 5),
    due_at integer,
    resolution text,
    escalate_at integer,
    escalated_at integer,
    hold_ended_at integer,
    merged_into integer references tickets (id) on delete set null,
    follows integer references tickets (id) on delete set null,
    door text not null,
    authentication text not null,
    locale text,
    attention_at integer,
    closed_at integer,
    created_at integer not null,
    changed_at integer not null,
    version integer not null
, overdue_at integer, reminded_at integer) strict;
INSERT INTO tickets VALUES(1,'31b9f6bb-84ec-49bc-8001-e6fea90ac69c',1,1,'Printer on fire',3,NULL,1,'reopened',NULL,NULL,1,1796117376940344,NULL,NULL,NULL,NULL,NULL,NULL,'mail','pass',NULL,1796030977873817,NULL,1796030976940344,1796030977873817,8,NULL,NULL);
INSERT INTO tickets VALUES(2,'149220a9-ec4f-43c7-af2e-5cb3cce6d55a',1,1,'Disk full',6,NULL,NULL,'open',NULL,NULL,3,1796117377072474,NULL,NULL,NULL,NULL,NULL,NULL,'mail','none',NULL,NULL,NULL,1796030977072474,1796030977077213,1,NULL,NULL);
INSERT INTO tickets VALUES(3,'4f10ba83-99ee-47e6-82b0-25095f72305a',2,2,'Größe',12,NULL,NULL,'open',NULL,NULL,1,1796117377102449,NULL,NULL,NULL,1796030977758976,NULL,NULL,'mail','fail',NULL,NULL,NULL,1796030977102449,1796030978044660,5,NULL,NULL);
INSERT INTO tickets VALUES(4,'9c2f1d99-404a-4d6e-a780-f229155ac4c3',1,1,'An invoice',8,NULL,NULL,'open',1796030977808184,'us',3,1796117377152741,NULL,NULL,NULL,NULL,NULL,NULL,'mail','pass',NULL,NULL,NULL,1796030977152741,1796030977808184,2,NULL,NULL);
INSERT INTO tickets VALUES(5,'c9efdda1-4bb4-4f91-89c5-2f88372c69d2',2,2,'An offer',9,NULL,NULL,'resolved',NULL,NULL,2,NULL,'It costs 3.',NULL,NULL,NULL,NULL,NULL,'cli','pass',NULL,NULL,1796030978226932,1796030977245608,1796030978226932,2,NULL,NULL);
INSERT INTO tickets VALUES(6,'c584accf-0166-4281-8247-57088e838caf',1,1,'To be merged',3,NULL,NULL,'merged',NULL,NULL,3,1796117377302774,NULL,NULL,NULL,NULL,1,NULL,'cli','pass',NULL,NULL,1796030978105564,1796030977302774,1796030978105564,2,NULL,NULL);
INSERT INTO tickets VALUES(8,'d1d5980e-b17f-41bc-90cb-8d123c78c3a7',1,1,'To be closed',3,NULL,NULL,'closed',NULL,NULL,3,1796117377489735,NULL,NULL,NULL,NULL,NULL,NULL,'cli','pass',NULL,NULL,1796030978202448,1796030977489735,1796030978202448,2,NULL,NULL);
INSERT INTO tickets VALUES(9,'2bd21f62-bd05-4bd6-b2c3-3049a149e361',1,1,'By API',13,NULL,NULL,'open',NULL,NULL,3,1796117378539864,NULL,NULL,NULL,NULL,NULL,NULL,'jutda','api',NULL,NULL,NULL,1796030978539864,1796030978539864,1,NULL,NULL);
INSERT INTO tickets VALUES(10,'a40fced5-bfeb-48a9-9fd5-839a97c8e870',1,1,'Raised',3,NULL,NULL,'open',NULL,NULL,3,1796117378557874,NULL,NULL,NULL,NULL,NULL,NULL,'jaze','api',NULL,NULL,NULL,1796030978557874,1796030978557874,1,NULL,NULL);
CREATE TABLE followups (
    id integer primary key autoincrement,
    uuid text not null,
    ticket_id integer not null references tickets (id) on delete cascade,
    author_id integer references users (id) on delete restrict,
    door text not null,
    kind text not null,
    visibility text not null check (visibility in ('public', 'private')),
    text text not null,
    new_text text,
    html text,
    new_status text,
    inbox_id integer,
    message_id text,
    created_at integer not null
) strict;
INSERT INTO followups VALUES(1,'32454cd4-99be-4c7b-8d4e-698a4f836bca',1,3,'mail','opened','public',replace('My printer is on fire.\n\nAnn\n','\n',char(10)),replace('My printer is on fire.\n\nAnn','\n',char(10)),NULL,'open',1,'m1@client.test',1796030976940344);
INSERT INTO followups VALUES(2,'bb51d103-6486-4a77-913f-ff96a3fb07b6',1,4,'mail','comment','public',replace('It is ours.\n','\n',char(10)),'It is ours.',NULL,NULL,2,'m2@client.test',1796030976985359);
INSERT INTO followups VALUES(3,'c0bebb1d-b76f-4f43-9d55-b1c2cbfa3783',1,NULL,'mail','external','private',replace('Buy this.\n','\n',char(10)),'Buy this.',NULL,NULL,3,'m3@client.test',1796030977034825);
INSERT INTO followups VALUES(4,'04cb0572-ebda-4c4f-81fc-60d2da917645',2,6,'mail','opened','public',replace('Disk 99 %.\n','\n',char(10)),'Disk 99 %.',NULL,'open',4,'m4@client.test',1796030977072474);
INSERT INTO followups VALUES(5,'df1fe028-3eae-4912-9065-0f1536c57266',3,7,'mail','opened','public',replace('Umlaute: äöü €\n','\n',char(10)),'Umlaute: äöü €',NULL,'open',5,'m5@client.test',1796030977102449);
INSERT INTO followups VALUES(6,'fb3294aa-7830-4fbd-b93c-2d2dcb309f74',4,8,'mail','opened','public','See the file.',NULL,NULL,'open',6,'m6@client.test',1796030977152741);
INSERT INTO followups VALUES(7,'e1922c36-b9ca-4032-8d49-3830c133460d',5,1,'cli','opened','public','How much?',NULL,NULL,'open',NULL,NULL,1796030977245608);
INSERT INTO followups VALUES(8,'918263a7-6b67-4243-860f-ae16065fca7c',1,NULL,'cli','opened','public','The same.',NULL,NULL,'open',NULL,NULL,1796030977302774);
INSERT INTO followups VALUES(10,'2c019790-fd3f-44ee-bf5d-1068e546601c',8,NULL,'cli','opened','public','y',NULL,NULL,'open',NULL,NULL,1796030977489735);
INSERT INTO followups VALUES(11,'c3bb4149-27d1-44d3-ba5f-40f3135ded04',1,1,'cli','comment','public','Dear Ann, use water.',NULL,NULL,NULL,NULL,NULL,1796030977592936);
INSERT INTO followups VALUES(12,'1ecf09ea-8ca3-4f14-9a9d-147a1e115f31',1,1,'cli','comment','private','She has none.',NULL,NULL,NULL,NULL,NULL,1796030977617907);
INSERT INTO followups VALUES(13,'61dc22a4-31df-4814-afcb-7bc12ac7b6e0',3,NULL,'cli','note','private','Ticket put on hold',NULL,NULL,NULL,NULL,NULL,1796030977731952);
INSERT INTO followups VALUES(14,'67d54a16-c9c0-46de-8bc6-8a7ab03c5a5c',3,NULL,'cli','note','private','Ticket taken off hold',NULL,NULL,NULL,NULL,NULL,1796030977758976);
INSERT INTO followups VALUES(15,'eadc07a0-428d-47aa-8c2f-ec1aef0f8a6d',4,NULL,'cli','note','private','Ticket put on hold',NULL,NULL,NULL,NULL,NULL,1796030977808184);
INSERT INTO followups VALUES(16,'4d05ee92-e7ba-4cea-90b7-1d60add32875',1,1,'cli','resolved','public','Then sand.',NULL,NULL,'resolved',NULL,NULL,1796030977840805);
INSERT INTO followups VALUES(17,'ee009020-b395-4b2b-8587-5bbee21c58b3',1,3,'mail','reopened','public',replace('No sand here.\n','\n',char(10)),'No sand here.',NULL,'reopened',8,'m7@client.test',1796030977871708);
INSERT INTO followups VALUES(18,'f7e90a1c-64a3-4fd4-a9bb-e509336f8d1d',1,1,'mail','unverified','private',replace('Mine.\n','\n',char(10)),'Mine.',NULL,NULL,9,'m8@client.test',1796030977926305);
INSERT INTO followups VALUES(19,'a4e4e551-3301-46b9-98c7-4ff25442b057',8,NULL,'cli','closed','public','',NULL,NULL,'closed',NULL,NULL,1796030978202448);
INSERT INTO followups VALUES(20,'cc6647e0-19a4-4933-9b0f-c2ad8a6d45fe',5,NULL,'cli','resolved','public','It costs 3.',NULL,NULL,'resolved',NULL,NULL,1796030978226932);
INSERT INTO followups VALUES(21,'9f7b2e5d-5c5e-4a9f-9f17-e4d4f6f1ed8c',9,1,'jutda','opened','public','hello',NULL,NULL,'open',NULL,NULL,1796030978539864);
INSERT INTO followups VALUES(22,'43fec134-26b7-424c-92ed-b40241a320bf',10,3,'jaze','opened','public','please',NULL,NULL,'open',NULL,NULL,1796030978557874);
CREATE TABLE blobs (
    id integer primary key autoincrement,
    digest blob not null unique,
    size integer not null,
    created_at integer not null,
    first_chunk blob not null
) strict;
INSERT INTO blobs VALUES(1,X'cac21067ee1d8039b2f5bf59b8f411c940c28b8cd690a69f1ad79d94c1f4b0d7',288,1796030976940344,X'41757468656e7469636174696f6e2d526573756c74733a206d782e6465736b2e746573743b20646d6172633d70617373206865616465722e66726f6d3d637573746f6d65722e746573740d0a46726f6d3a20616e6e40637573746f6d65722e746573740d0a546f3a2068656c70406465736b2e746573740d0a5375626a6563743a205072696e746572206f6e20666972650d0a4d6573736167652d49443a203c6d3140636c69656e742e746573743e0d0a446174653a204d6f6e2c203330204e6f7620323032362030383a30303a3030202b303030300d0a43633a20626f6240637573746f6d65722e746573742c20636964406f746865722e746573740d0a0d0a4d79207072696e746572206973206f6e20666972652e0d0a0d0a416e6e0d0a');
INSERT INTO blobs VALUES(2,X'1c1111b1743bb5cc27845ee8e195e9844dc408e4a260968512a2473705e26f02',278,1796030976985359,X'41757468656e7469636174696f6e2d526573756c74733a206d782e6465736b2e746573743b20646d6172633d70617373206865616465722e66726f6d3d637573746f6d65722e746573740d0a46726f6d3a20626f6240637573746f6d65722e746573740d0a546f3a2068656c70406465736b2e746573740d0a5375626a6563743a2052653a205b737570706f72742d315d205072696e746572206f6e20666972650d0a4d6573736167652d49443a203c6d3240636c69656e742e746573743e0d0a446174653a204d6f6e2c203330204e6f7620323032362030383a30303a3030202b303030300d0a496e2d5265706c792d546f3a203c6d3140636c69656e742e746573743e0d0a0d0a4974206973206f7572732e0d0a');
INSERT INTO blobs VALUES(3,X'92aa10418b72d2307d13d59ede9ed020cb602d1487ecc778ae33585b179676d8',268,1796030977034825,X'41757468656e7469636174696f6e2d526573756c74733a206d782e6465736b2e746573743b20646d6172633d6e6f6e65206865616465722e66726f6d3d6576696c2e746573740d0a46726f6d3a20657665406576696c2e746573740d0a546f3a2068656c70406465736b2e746573740d0a5375626a6563743a2052653a205b737570706f72742d315d205072696e746572206f6e20666972650d0a4d6573736167652d49443a203c6d3340636c69656e742e746573743e0d0a446174653a204d6f6e2c203330204e6f7620323032362030383a30303a3030202b303030300d0a496e2d5265706c792d546f3a203c6d3140636c69656e742e746573743e0d0a0d0a42757920746869732e0d0a');
INSERT INTO blobs VALUES(4,X'ac0cc55f3832d4b3f2b6a69378cc27d6a6c32a252fb4cdc6fe400ab6f557ef7c',255,1796030977072474,X'41757468656e7469636174696f6e2d526573756c74733a206d782e6465736b2e746573743b20646d6172633d6e6f6e65206865616465722e66726f6d3d6d6f6e69746f722e746573740d0a46726f6d3a2063726f6e406d6f6e69746f722e746573740d0a546f3a2068656c70406465736b2e746573740d0a5375626a6563743a204469736b2066756c6c0d0a4d6573736167652d49443a203c6d3440636c69656e742e746573743e0d0a446174653a204d6f6e2c203330204e6f7620323032362030383a30303a3030202b303030300d0a4175746f2d5375626d69747465643a206175746f2d67656e6572617465640d0a0d0a4469736b20393920252e0d0a');
INSERT INTO blobs VALUES(5,X'c8b753ecb9d75a147192c990090f7d1707b684a828d399b8b9682896da94e6a1',287,1796030977102449,X'41757468656e7469636174696f6e2d526573756c74733a206d782e6465736b2e746573743b20646d6172633d6661696c206865616465722e66726f6d3d637573746f6d65722e746573740d0a46726f6d3a2075776540637573746f6d65722e746573740d0a546f3a2068656c70406465736b2e746573740d0a5375626a6563743a204772c3b6c39f650d0a4d6573736167652d49443a203c6d3540636c69656e742e746573743e0d0a446174653a204d6f6e2c203330204e6f7620323032362030383a30303a3030202b303030300d0a436f6e74656e742d547970653a20746578742f706c61696e3b20636861727365743d7574662d380d0a582d5072696f726974793a20310d0a0d0a556d6c617574653a20c3a4c3b6c3bc20e282ac0d0a');
INSERT INTO blobs VALUES(6,X'13ee2a7b99adba1899846d3a23831aec3854a1a110297b5f75b3aff80ddb6160',485,1796030977152741,X'41757468656e7469636174696f6e2d526573756c74733a206d782e6465736b2e746573743b20646d6172633d70617373206865616465722e66726f6d3d637573746f6d65722e746573740d0a46726f6d3a20646f726140637573746f6d65722e746573740d0a546f3a2068656c70406465736b2e746573740d0a5375626a6563743a20416e20696e766f6963650d0a4d6573736167652d49443a203c6d3640636c69656e742e746573743e0d0a446174653a204d6f6e2c203330204e6f7620323032362030383a30303a3030202b303030300d0a4d494d452d56657273696f6e3a20312e300d0a436f6e74656e742d547970653a206d756c7469706172742f6d697865643b20626f756e646172793d620d0a0d0a2d2d620d0a436f6e74656e742d547970653a20746578742f706c61696e0d0a0d0a536565207468652066696c652e0d0a2d2d620d0a436f6e74656e742d547970653a206170706c69636174696f6e2f7064663b206e616d653d2262696c6c2e706466220d0a436f6e74656e742d446973706f736974696f6e3a206174746163686d656e743b2066696c656e616d653d2262696c6c2e706466220d0a436f6e74656e742d5472616e736665722d456e636f64696e673a206261736536340d0a0d0a534756736247383d0d0a2d2d622d2d0d0a');
INSERT INTO blobs VALUES(7,X'185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969',5,1796030977157666,X'48656c6c6f');
INSERT INTO blobs VALUES(8,X'fdf640875e70c177654e54c81d4a4caa6a97f987419cfce428992623750c24de',249,1796030977196719,X'41757468656e7469636174696f6e2d526573756c74733a206d782e6465736b2e746573743b20646d6172633d70617373206865616465722e66726f6d3d637573746f6d65722e746573740d0a46726f6d3a20616e6e40637573746f6d65722e746573740d0a546f3a2068656c70406465736b2e746573740d0a5375626a6563743a205072696e746572206f6e20666972650d0a4d6573736167652d49443a203c6d3140636c69656e742e746573743e0d0a446174653a204d6f6e2c203330204e6f7620323032362030383a30303a3030202b303030300d0a0d0a4d79207072696e746572206973206f6e20666972652e0d0a0d0a416e6e0d0a');
INSERT INTO blobs VALUES(9,X'922b3c63174f2ca34b6eacc55a08f5161c9d790561ddeabb7232c1c17c5400c9',280,1796030977871708,X'41757468656e7469636174696f6e2d526573756c74733a206d782e6465736b2e746573743b20646d6172633d70617373206865616465722e66726f6d3d637573746f6d65722e746573740d0a46726f6d3a20616e6e40637573746f6d65722e746573740d0a546f3a2068656c70406465736b2e746573740d0a5375626a6563743a2052653a205b737570706f72742d315d205072696e746572206f6e20666972650d0a4d6573736167652d49443a203c6d3740636c69656e742e746573743e0d0a446174653a204d6f6e2c203330204e6f7620323032362030383a30303a3030202b303030300d0a496e2d5265706c792d546f3a203c6d3140636c69656e742e746573743e0d0a0d0a4e6f2073616e6420686572652e0d0a');
INSERT INTO blobs VALUES(10,X'05edd827a60e72dab8ef4b96ab25ee1a3efe82f9cc5d6fc3eaf9bfb8c631ce81',267,1796030977926305,X'41757468656e7469636174696f6e2d526573756c74733a206d782e6465736b2e746573743b20646d6172633d6e6f6e65206865616465722e66726f6d3d73746166662e746573740d0a46726f6d3a20616c65784073746166662e746573740d0a546f3a2068656c70406465736b2e746573740d0a5375626a6563743a2052653a205b737570706f72742d315d205072696e746572206f6e20666972650d0a4d6573736167652d49443a203c6d3840636c69656e742e746573743e0d0a446174653a204d6f6e2c203330204e6f7620323032362030383a30303a3030202b303030300d0a496e2d5265706c792d546f3a203c6d3140636c69656e742e746573743e0d0a0d0a4d696e652e0d0a');
CREATE TABLE blob_chunks (
    blob_id integer not null references blobs (id) on delete cascade,
    n integer not null,
    bytes blob not null,
    primary key (blob_id, n)
) strict;
CREATE TABLE attachments (
    id integer primary key autoincrement,
    followup_id integer not null references followups (id) on delete cascade,
    blob_id integer references blobs (id) on delete restrict,
    name text not null,
    content_type text not null,
    content_id text,
    disposition text not null check (disposition in ('attachment', 'inline', 'left_out')),
    size integer not null
) strict;
INSERT INTO attachments VALUES(1,6,7,'bill.pdf','application/pdf',NULL,'attachment',5);
CREATE TABLE ticket_ccs (
    ticket_id integer not null references tickets (id) on delete cascade,
    user_id integer not null references users (id) on delete restrict,
    created_at integer not null,
    primary key (ticket_id, user_id)
) strict;
INSERT INTO ticket_ccs VALUES(1,4,1796030976944099);
INSERT INTO ticket_ccs VALUES(1,5,1796030976944099);
INSERT INTO ticket_ccs VALUES(1,11,1796030977665369);
CREATE TABLE tags (
    ticket_id integer not null references tickets (id) on delete cascade,
    tag text not null,
    primary key (ticket_id, tag)
) strict;
INSERT INTO tags VALUES(1,'vip');
CREATE TABLE changes (
    id integer primary key autoincrement,
    ticket_id integer not null,
    actor_id integer,
    door text not null,
    field text not null,
    old text,
    new text,
    at integer not null
, token_id integer) strict;
INSERT INTO changes VALUES(1,1,3,'mail','opened',NULL,NULL,1796030976944099,NULL);
INSERT INTO changes VALUES(2,1,4,'mail','comment',NULL,'public',1796030976989974,NULL);
INSERT INTO changes VALUES(3,1,NULL,'mail','external',NULL,'3',1796030977035749,NULL);
INSERT INTO changes VALUES(4,2,6,'mail','opened',NULL,NULL,1796030977077213,NULL);
INSERT INTO changes VALUES(5,3,7,'mail','opened',NULL,NULL,1796030977104861,NULL);
INSERT INTO changes VALUES(6,4,8,'mail','opened',NULL,NULL,1796030977157666,NULL);
INSERT INTO changes VALUES(7,1,NULL,'mail','duplicate',NULL,'7',1796030977216767,NULL);
INSERT INTO changes VALUES(8,5,1,'cli','opened',NULL,NULL,1796030977245608,NULL);
INSERT INTO changes VALUES(9,6,NULL,'cli','opened',NULL,NULL,1796030977302774,NULL);
INSERT INTO changes VALUES(10,7,NULL,'cli','opened',NULL,NULL,1796030977402138,NULL);
INSERT INTO changes VALUES(11,8,NULL,'cli','opened',NULL,NULL,1796030977489735,NULL);
INSERT INTO changes VALUES(12,1,2,'cli','owner',NULL,'1',1796030977537611,NULL);
INSERT INTO changes VALUES(13,1,1,'cli','comment',NULL,'public',1796030977592936,NULL);
INSERT INTO changes VALUES(14,1,1,'cli','comment',NULL,'private',1796030977617907,NULL);
INSERT INTO changes VALUES(15,1,NULL,'cli','tag',NULL,'vip',1796030977642475,NULL);
INSERT INTO changes VALUES(16,1,1,'cli','cc',NULL,'fay@customer.test',1796030977665369,NULL);
INSERT INTO changes VALUES(17,1,1,'cli','priority','3','1',1796030977698894,NULL);
INSERT INTO changes VALUES(18,3,NULL,'cli','hold',NULL,'us',1796030977731952,NULL);
INSERT INTO changes VALUES(19,3,NULL,'cli','hold','us',NULL,1796030977758976,NULL);
INSERT INTO changes VALUES(20,4,NULL,'cli','hold',NULL,'us',1796030977808184,NULL);
INSERT INTO changes VALUES(21,1,1,'cli','status','open','resolved',1796030977840805,NULL);
INSERT INTO changes VALUES(22,1,3,'mail','status','resolved','reopened',1796030977873817,NULL);
INSERT INTO changes VALUES(23,1,1,'mail','unverified',NULL,'9',1796030977928758,NULL);
INSERT INTO changes VALUES(24,3,NULL,'cli','queue','support','sales',1796030977992324,NULL);
INSERT INTO changes VALUES(25,3,NULL,'cli','submitter','7','12',1796030978044660,NULL);
INSERT INTO changes VALUES(26,6,1,'cli','status','open','merged',1796030978105564,NULL);
INSERT INTO changes VALUES(27,1,1,'cli','merged','6',NULL,1796030978105564,NULL);
INSERT INTO changes VALUES(28,7,NULL,'cli','deleted',NULL,NULL,1796030978177622,NULL);
INSERT INTO changes VALUES(29,8,NULL,'cli','status','open','closed',1796030978202448,NULL);
INSERT INTO changes VALUES(30,5,NULL,'cli','status','open','resolved',1796030978226932,NULL);
INSERT INTO changes VALUES(31,9,1,'jutda','opened',NULL,NULL,1796030978539864,NULL);
INSERT INTO changes VALUES(32,10,3,'jaze','opened',NULL,NULL,1796030978557874,1);
INSERT INTO changes VALUES(33,1,3,'jaze','rating',NULL,'5',1796030978592862,1);
CREATE TABLE tombstones (
    digest blob not null primary key,
    ticket_id integer not null,
    actor_id integer,
    at integer not null
) strict;
CREATE TABLE inbox (
    id integer primary key autoincrement,
    queue_id integer not null references queues (id) on delete restrict,
    mailbox_id integer references mailboxes (id) on delete restrict,
    uid_validity integer,
    uid integer,
    door text not null,
    digest blob not null,
    size integer not null,
    extent text not null check (extent in ('full', 'headers', 'none')),
    blob_id integer references blobs (id) on delete restrict,
    received_at integer not null,
    recorded_at integer not null,
    attempts integer not null,
    authentication text,
    message_id text,
    content_digest blob,
    class text,
    outcome text,
    reason text,
    trace text,
    ticket_id integer references tickets (id) on delete set null,
    finished_at integer,
    dispose_at integer,
    dispose_attempts integer not null,
    unique (mailbox_id, uid_validity, uid)
) strict;
INSERT INTO inbox VALUES(1,1,NULL,NULL,NULL,'ingest',X'cac21067ee1d8039b2f5bf59b8f411c940c28b8cd690a69f1ad79d94c1f4b0d7',288,'full',1,1796030976940344,1796030976940344,1,'pass','m1@client.test',X'1eb5f29fdfee92620eb181f8cebf575633834aad989598cfec88e81c1ab78164','human','ticket',NULL,'[{"rule":"class","evidence":"Human"},{"rule":"authentication","evidence":"pass: dmarc=pass for customer.test, noted by mx.desk.test"}]',1,1796030976944099,NULL,0);
INSERT INTO inbox VALUES(2,1,NULL,NULL,NULL,'ingest',X'1c1111b1743bb5cc27845ee8e195e9844dc408e4a260968512a2473705e26f02',278,'full',2,1796030976985359,1796030976985359,1,'pass','m2@client.test',X'd3574aad4b5b30c09af7eee0f77acef4c219aad580834701955fdc8d6961be6a','human','followup',NULL,'[{"rule":"class","evidence":"Human"},{"rule":"authentication","evidence":"pass: dmarc=pass for customer.test, noted by mx.desk.test"},{"rule":"in-reply-to","evidence":"names a mail of ticket 1"}]',1,1796030976989974,NULL,0);
INSERT INTO inbox VALUES(3,1,NULL,NULL,NULL,'ingest',X'92aa10418b72d2307d13d59ede9ed020cb602d1487ecc778ae33585b179676d8',268,'full',3,1796030977034825,1796030977034825,1,'none','m3@client.test',X'33e63534030a209b014b495308ce35342c692aa00852f22f3ff019c051e2bc9a','human','followup','external','[{"rule":"class","evidence":"Human"},{"rule":"authentication","evidence":"none: no DMARC record and no aligned DKIM signature, noted by mx.desk.test"},{"rule":"in-reply-to","evidence":"names a mail of ticket 1"},{"rule":"external","evidence":"the author takes no part in this ticket"}]',1,1796030977035749,NULL,0);
INSERT INTO inbox VALUES(4,1,NULL,NULL,NULL,'ingest',X'ac0cc55f3832d4b3f2b6a69378cc27d6a6c32a252fb4cdc6fe400ab6f557ef7c',255,'full',4,1796030977072474,1796030977072474,1,'none','m4@client.test',X'1ab7cfd2eb41253381c1e37213c69350c88d888caa264d65eb7b810e4f4d6f2a','auto-generated','ticket',NULL,'[{"rule":"class","evidence":"AutoGenerated auto-submitted: auto-generated"},{"rule":"authentication","evidence":"none: no DMARC record and no aligned DKIM signature, noted by mx.desk.test"}]',2,1796030977077213,NULL,0);
INSERT INTO inbox VALUES(5,1,NULL,NULL,NULL,'ingest',X'c8b753ecb9d75a147192c990090f7d1707b684a828d399b8b9682896da94e6a1',287,'full',5,1796030977102449,1796030977102449,1,'fail','m5@client.test',X'0b79fc57b5320b58d5e58a95cd3838af9cfc304d92448d586989677452a38a2d','human','ticket',NULL,'[{"rule":"class","evidence":"Human"},{"rule":"authentication","evidence":"fail: dmarc=fail for customer.test, noted by mx.desk.test"}]',3,1796030977104861,NULL,0);
INSERT INTO inbox VALUES(6,1,NULL,NULL,NULL,'ingest',X'13ee2a7b99adba1899846d3a23831aec3854a1a110297b5f75b3aff80ddb6160',485,'full',6,1796030977152741,1796030977152741,1,'pass','m6@client.test',X'46bb09fc15bd2e6d52f3ebf4e17defd54ceeb629b05af55bce3f492def2cee91','human','ticket',NULL,'[{"rule":"class","evidence":"Human"},{"rule":"authentication","evidence":"pass: dmarc=pass for customer.test, noted by mx.desk.test"}]',4,1796030977157666,NULL,0);
INSERT INTO inbox VALUES(7,1,NULL,NULL,NULL,'ingest',X'fdf640875e70c177654e54c81d4a4caa6a97f987419cfce428992623750c24de',249,'full',8,1796030977196719,1796030977196719,1,'pass','m1@client.test',X'1eb5f29fdfee92620eb181f8cebf575633834aad989598cfec88e81c1ab78164','human','duplicate',NULL,'[{"rule":"class","evidence":"Human"},{"rule":"authentication","evidence":"pass: dmarc=pass for customer.test, noted by mx.desk.test"},{"rule":"duplicate","evidence":"the same mail is on ticket 1"}]',1,1796030977216767,NULL,0);
INSERT INTO inbox VALUES(8,1,NULL,NULL,NULL,'ingest',X'922b3c63174f2ca34b6eacc55a08f5161c9d790561ddeabb7232c1c17c5400c9',280,'full',9,1796030977871708,1796030977871708,1,'pass','m7@client.test',X'6a8590ee58d625a866fc74e5d8848b0d4cc1f6473168a11c4d68aca4bd8c0466','human','followup',NULL,'[{"rule":"class","evidence":"Human"},{"rule":"authentication","evidence":"pass: dmarc=pass for customer.test, noted by mx.desk.test"},{"rule":"in-reply-to","evidence":"names a mail of ticket 1"}]',1,1796030977873817,NULL,0);
INSERT INTO inbox VALUES(9,1,NULL,NULL,NULL,'ingest',X'05edd827a60e72dab8ef4b96ab25ee1a3efe82f9cc5d6fc3eaf9bfb8c631ce81',267,'full',10,1796030977926305,1796030977926305,1,'none','m8@client.test',X'0631633e72118cfbe20ca960959c5c4cb94f0e6073647d3275ee0a164a150c06','human','followup','unverified','[{"rule":"class","evidence":"Human"},{"rule":"authentication","evidence":"none: no DMARC record and no aligned DKIM signature, noted by mx.desk.test"},{"rule":"in-reply-to","evidence":"names a mail of ticket 1"},{"rule":"agent not verified","evidence":"nothing vouches for the author"}]',1,1796030977928758,NULL,0);
CREATE TABLE message_ids (
    id integer primary key autoincrement,
    message_id text not null,
    ticket_id integer not null references tickets (id) on delete cascade,
    author_key text not null,
    content_digest blob not null,
    created_at integer not null
) strict;
INSERT INTO message_ids VALUES(1,'m1@client.test',1,'ann@customer.test',X'1eb5f29fdfee92620eb181f8cebf575633834aad989598cfec88e81c1ab78164',1796030976944099);
INSERT INTO message_ids VALUES(2,'m2@client.test',1,'bob@customer.test',X'd3574aad4b5b30c09af7eee0f77acef4c219aad580834701955fdc8d6961be6a',1796030976989974);
INSERT INTO message_ids VALUES(3,'m3@client.test',1,'eve@evil.test',X'33e63534030a209b014b495308ce35342c692aa00852f22f3ff019c051e2bc9a',1796030977035749);
INSERT INTO message_ids VALUES(4,'m4@client.test',2,'cron@monitor.test',X'1ab7cfd2eb41253381c1e37213c69350c88d888caa264d65eb7b810e4f4d6f2a',1796030977077213);
INSERT INTO message_ids VALUES(5,'m5@client.test',3,'uwe@customer.test',X'0b79fc57b5320b58d5e58a95cd3838af9cfc304d92448d586989677452a38a2d',1796030977104861);
INSERT INTO message_ids VALUES(6,'m6@client.test',4,'dora@customer.test',X'46bb09fc15bd2e6d52f3ebf4e17defd54ceeb629b05af55bce3f492def2cee91',1796030977157666);
INSERT INTO message_ids VALUES(7,'m7@client.test',1,'ann@customer.test',X'6a8590ee58d625a866fc74e5d8848b0d4cc1f6473168a11c4d68aca4bd8c0466',1796030977873817);
INSERT INTO message_ids VALUES(8,'m8@client.test',1,'alex@staff.test',X'0631633e72118cfbe20ca960959c5c4cb94f0e6073647d3275ee0a164a150c06',1796030977928758);
CREATE TABLE outbox (
    id integer primary key autoincrement,
    key integer not null unique,
    ticket_id integer references tickets (id) on delete cascade,
    -- Goes with its ticket, as the follow-up does.
    followup_id integer,
    queue_id integer not null references queues (id) on delete restrict,
    event text not null,
    template text not null,
    recipient text not null,
    recipient_key text not null,
    recipient_domain text not null,
    user_id integer references users (id) on delete restrict,
    account text not null,
    envelope_from text not null,
    message_id text not null,
    content text not null,
    state text not null check (state in ('queued', 'sent', 'rejected', 'unknown', 'cancelled')),
    due_at integer not null,
    lease_until integer not null,
    attempts integer not null,
    unclear integer not null,
    data_started_at integer,
    relay_id text,
    answer text,
    warned_at integer,
    created_at integer not null,
    settled_at integer
, voice text not null default 'notice') strict;
INSERT INTO outbox VALUES(1,69286154896782850,1,1,1,'acknowledgement','newticket_submitter','ann@customer.test','ann@customer.test','customer.test',3,'default','','hd.ceaad5rhmqfhtnqcgajh22xer5ijjfyw@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"ann@customer.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ceaad5rhmqfhtnqcgajh22xer5ijjfyw@desk.test","in_reply_to":"m1@client.test","references":["m1@client.test"],"date":1796030976,"voice":"answer","unsubscribe":null,"text":"Hello,\n\nWe have received your request. Its number is [support-1].\nWe will answer as soon as we can.\n\nTo add something, reply to this mail and leave its subject as it is.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">Hello,</p>\n<p style=\"margin:0 0 16px\">\nWe have received your request. Its number is [support-1].\nWe will answer as soon as we can.\n</p>\n<p style=\"margin:0 0 16px\">\nTo add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978417653,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaad5rhmqfhtnqcgajh22xer5ijjfyw@desk.test_ann@customer.test-f8ff579f.eml',NULL,1796030976944099,1796030978417653,'answer');
INSERT INTO outbox VALUES(2,5671351110141084,1,1,1,'opened','newticket_cc','list@desk-staff.test','list@desk-staff.test','desk-staff.test',NULL,'default','help@desk.test','hd.ciaacfbgcbkfcbe4hp7rrzem646fqfsk@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"list@desk-staff.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ciaacfbgcbkfcbe4hp7rrzem646fqfsk@desk.test","in_reply_to":"m1@client.test","references":["m1@client.test"],"date":1796030976,"voice":"notice","unsubscribe":null,"text":"##- Please type your reply above this line -##\n\nThere is a new ticket from ann@customer.test.\n\nMy printer is on fire.\n\nAnn\n\n[support-1] Printer on fire\nQueue: Support\nState: open\nPriority: 3 (1 is the most urgent, 5 the least)\nOwner: nobody\nFrom: ann@customer.test\nOpened: 2026-11-30 09:29 UTC\nDue: 2026-12-01 09:29 UTC\n\nYour answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:\n#resolve  #close  #reopen  #hold  #unhold\n#note (your answer stays private)\n#assign USER (or: me, nobody)\n#priority 1-5\n#queue SLUG\n#cc ADDRESS\n#tag WORD\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px;color:#808080\">##- Please type your reply above this line -##</p>\n<p style=\"margin:0 0 16px\">\nThere is a new ticket from <bdi>ann@customer.test</bdi>.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px;padding-left:12px;border-left:3px solid #808080\">My printer is on fire.<br>\n<br>\nAnn</div>\n<p style=\"margin:0 0 4px;padding-top:8px;border-top:1px solid #999999\"><b>[support-1] <bdi>Printer on fire</bdi></b></p>\n<table cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 16px;font-size:13px\">\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Queue:</td><td dir=\"auto\">Support</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">State:</td><td dir=\"auto\">open</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Priority:</td><td dir=\"auto\">3 (1 is the most urgent, 5 the least)</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Owner:</td><td dir=\"auto\">nobody</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">From:</td><td dir=\"auto\">ann@customer.test</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Opened:</td><td dir=\"auto\">2026-11-30 09:29 UTC</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Due:</td><td dir=\"auto\">2026-12-01 09:29 UTC</td></tr>\n</table>\n<p style=\"margin:0 0 4px;font-size:13px\">Your answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:</p>\n<p style=\"margin:0 0 16px;font-size:13px\">#resolve&nbsp; #close&nbsp; #reopen&nbsp; #hold&nbsp; #unhold<br>\n#note (your answer stays private)<br>\n#assign USER (or: me, nobody)<br>\n#priority 1-5<br>\n#queue SLUG<br>\n#cc ADDRESS<br>\n#tag WORD</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978428841,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ciaacfbgcbkfcbe4hp7rrzem646fqfsk@desk.test_list@desk-staff.test-c59463e9.eml',NULL,1796030976944099,1796030978428841,'notice');
INSERT INTO outbox VALUES(3,23590228143167918,1,2,1,'commented','updated_submitter','ann@customer.test','ann@customer.test','customer.test',3,'default','help@desk.test','hd.ceaacu6pgaakjwnov7dguvrkxuvlhmwh@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"ann@customer.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ceaacu6pgaakjwnov7dguvrkxuvlhmwh@desk.test","in_reply_to":"m2@client.test","references":["m1@client.test","m2@client.test"],"date":1796030976,"voice":"notice","unsubscribe":null,"text":"There is news from bob@customer.test on your request [support-1].\n\nIt is ours.\n\nTo add something, reply to this mail and leave its subject as it is.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">\nThere is news from <bdi>bob@customer.test</bdi> on your request [support-1].\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">It is ours.</div>\n<p style=\"margin:0 0 16px\">\nTo add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978455889,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaacu6pgaakjwnov7dguvrkxuvlhmwh@desk.test_ann@customer.test-1bbf6416.eml',NULL,1796030976989974,1796030978455889,'notice');
INSERT INTO outbox VALUES(4,27372360732238497,1,2,1,'commented','updated_copy','cid@other.test','cid@other.test','other.test',5,'default','help@desk.test','hd.ceaacyj7arpbxyvbmieja6yduxitfutb@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"cid@other.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ceaacyj7arpbxyvbmieja6yduxitfutb@desk.test","in_reply_to":"m2@client.test","references":["m1@client.test","m2@client.test"],"date":1796030976,"voice":"notice","unsubscribe":null,"text":"There is news from bob@customer.test on the request [support-1].\n\nIt is ours.\n\nYou get a copy of what happens with this request. To add something, reply to this mail and leave its subject as it is.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">\nThere is news from <bdi>bob@customer.test</bdi> on the request [support-1].\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">It is ours.</div>\n<p style=\"margin:0 0 16px\">\nYou get a copy of what happens with this request. To add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978432960,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaacyj7arpbxyvbmieja6yduxitfutb@desk.test_cid@other.test-296d16f3.eml',NULL,1796030976989974,1796030978432960,'notice');
INSERT INTO outbox VALUES(5,52573737409580101,3,5,1,'opened','newticket_cc','list@desk-staff.test','list@desk-staff.test','desk-staff.test',NULL,'default','help@desk.test','hd.ciaadowhrepnadcfhpsotnkcgt6cop7i@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"list@desk-staff.test","reply_to":null,"subject":"[support-3] Größe","message_id":"hd.ciaadowhrepnadcfhpsotnkcgt6cop7i@desk.test","in_reply_to":"m5@client.test","references":["m5@client.test"],"date":1796030977,"voice":"notice","unsubscribe":null,"text":"##- Please type your reply above this line -##\n\nThere is a new ticket from uwe@customer.test.\n\nUmlaute: äöü €\n\n[support-3] Größe\nQueue: Support\nState: open\nPriority: 1 (1 is the most urgent, 5 the least)\nOwner: nobody\nFrom: uwe@customer.test\nOpened: 2026-11-30 09:29 UTC\nDue: 2026-12-01 09:29 UTC\n\nYour answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:\n#resolve  #close  #reopen  #hold  #unhold\n#note (your answer stays private)\n#assign USER (or: me, nobody)\n#priority 1-5\n#queue SLUG\n#cc ADDRESS\n#tag WORD\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px;color:#808080\">##- Please type your reply above this line -##</p>\n<p style=\"margin:0 0 16px\">\nThere is a new ticket from <bdi>uwe@customer.test</bdi>.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px;padding-left:12px;border-left:3px solid #808080\">Umlaute: äöü €</div>\n<p style=\"margin:0 0 4px;padding-top:8px;border-top:1px solid #999999\"><b>[support-3] <bdi>Größe</bdi></b></p>\n<table cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 16px;font-size:13px\">\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Queue:</td><td dir=\"auto\">Support</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">State:</td><td dir=\"auto\">open</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Priority:</td><td dir=\"auto\">1 (1 is the most urgent, 5 the least)</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Owner:</td><td dir=\"auto\">nobody</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">From:</td><td dir=\"auto\">uwe@customer.test</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Opened:</td><td dir=\"auto\">2026-11-30 09:29 UTC</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Due:</td><td dir=\"auto\">2026-12-01 09:29 UTC</td></tr>\n</table>\n<p style=\"margin:0 0 4px;font-size:13px\">Your answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:</p>\n<p style=\"margin:0 0 16px;font-size:13px\">#resolve&nbsp; #close&nbsp; #reopen&nbsp; #hold&nbsp; #unhold<br>\n#note (your answer stays private)<br>\n#assign USER (or: me, nobody)<br>\n#priority 1-5<br>\n#queue SLUG<br>\n#cc ADDRESS<br>\n#tag WORD</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978439443,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ciaadowhrepnadcfhpsotnkcgt6cop7i@desk.test_list@desk-staff.test-69c44c7b.eml',NULL,1796030977104861,1796030978439443,'notice');
INSERT INTO outbox VALUES(6,63679928677481667,4,6,1,'acknowledgement','newticket_submitter','dora@customer.test','dora@customer.test','customer.test',8,'default','','hd.ceaadyr4r3ecjpgdacgpr5bpzjgpmjqj@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"dora@customer.test","reply_to":null,"subject":"[support-4] An invoice","message_id":"hd.ceaadyr4r3ecjpgdacgpr5bpzjgpmjqj@desk.test","in_reply_to":"m6@client.test","references":["m6@client.test"],"date":1796030977,"voice":"answer","unsubscribe":null,"text":"Hello,\n\nWe have received your request. Its number is [support-4].\nWe will answer as soon as we can.\n\nTo add something, reply to this mail and leave its subject as it is.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">Hello,</p>\n<p style=\"margin:0 0 16px\">\nWe have received your request. Its number is [support-4].\nWe will answer as soon as we can.\n</p>\n<p style=\"margin:0 0 16px\">\nTo add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978441886,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaadyr4r3ecjpgdacgpr5bpzjgpmjqj@desk.test_dora@customer.test-0ce57101.eml',NULL,1796030977157666,1796030978441886,'answer');
INSERT INTO outbox VALUES(7,21157345540540100,4,6,1,'opened','newticket_cc','list@desk-staff.test','list@desk-staff.test','desk-staff.test',NULL,'default','help@desk.test','hd.ciaacszkpzqvlbwehupppthv4ubwuad6@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"list@desk-staff.test","reply_to":null,"subject":"[support-4] An invoice","message_id":"hd.ciaacszkpzqvlbwehupppthv4ubwuad6@desk.test","in_reply_to":"m6@client.test","references":["m6@client.test"],"date":1796030977,"voice":"notice","unsubscribe":null,"text":"##- Please type your reply above this line -##\n\nThere is a new ticket from dora@customer.test.\n\nSee the file.\n\nAttached:\n- bill.pdf\n\n[support-4] An invoice\nQueue: Support\nState: open\nPriority: 3 (1 is the most urgent, 5 the least)\nOwner: nobody\nFrom: dora@customer.test\nOpened: 2026-11-30 09:29 UTC\nDue: 2026-12-01 09:29 UTC\n\nYour answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:\n#resolve  #close  #reopen  #hold  #unhold\n#note (your answer stays private)\n#assign USER (or: me, nobody)\n#priority 1-5\n#queue SLUG\n#cc ADDRESS\n#tag WORD\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px;color:#808080\">##- Please type your reply above this line -##</p>\n<p style=\"margin:0 0 16px\">\nThere is a new ticket from <bdi>dora@customer.test</bdi>.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px;padding-left:12px;border-left:3px solid #808080\">See the file.</div>\n<p style=\"margin:0 0 4px\">Attached:</p>\n<ul style=\"margin:0 0 16px\">\n<li dir=\"auto\">bill.pdf</li>\n</ul>\n<p style=\"margin:0 0 4px;padding-top:8px;border-top:1px solid #999999\"><b>[support-4] <bdi>An invoice</bdi></b></p>\n<table cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 16px;font-size:13px\">\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Queue:</td><td dir=\"auto\">Support</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">State:</td><td dir=\"auto\">open</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Priority:</td><td dir=\"auto\">3 (1 is the most urgent, 5 the least)</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Owner:</td><td dir=\"auto\">nobody</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">From:</td><td dir=\"auto\">dora@customer.test</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Opened:</td><td dir=\"auto\">2026-11-30 09:29 UTC</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Due:</td><td dir=\"auto\">2026-12-01 09:29 UTC</td></tr>\n</table>\n<p style=\"margin:0 0 4px;font-size:13px\">Your answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:</p>\n<p style=\"margin:0 0 16px;font-size:13px\">#resolve&nbsp; #close&nbsp; #reopen&nbsp; #hold&nbsp; #unhold<br>\n#note (your answer stays private)<br>\n#assign USER (or: me, nobody)<br>\n#priority 1-5<br>\n#queue SLUG<br>\n#cc ADDRESS<br>\n#tag WORD</p>\n</div>\n</body>\n</html>","attachments":[{"blob":7,"name":"bill.pdf","content_type":"application/pdf"}]}','sent',1796030978446771,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ciaacszkpzqvlbwehupppthv4ubwuad6@desk.test_list@desk-staff.test-0f5e014e.eml',NULL,1796030977157666,1796030978446771,'notice');
INSERT INTO outbox VALUES(8,42230563240102410,5,7,2,'opened','newticket_submitter','eva@customer.test','eva@customer.test','customer.test',9,'default','sales@desk.test','hd.ceaadfqipe4josqkhhl2gpix6lmquvnr@desk.test','{"from_name":"Sales","from":"sales@desk.test","to_name":"","to":"eva@customer.test","reply_to":null,"subject":"[sales-5] An offer","message_id":"hd.ceaadfqipe4josqkhhl2gpix6lmquvnr@desk.test","in_reply_to":null,"references":[],"date":1796030977,"voice":"notice","unsubscribe":null,"text":"Hello,\n\nWe have received your request. Its number is [sales-5].\nWe will answer as soon as we can.\n\nTo add something, reply to this mail and leave its subject as it is.\n\n-- \nSales\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">Hello,</p>\n<p style=\"margin:0 0 16px\">\nWe have received your request. Its number is [sales-5].\nWe will answer as soon as we can.\n</p>\n<p style=\"margin:0 0 16px\">\nTo add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Sales</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978456369,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaadfqipe4josqkhhl2gpix6lmquvnr@desk.test_eva@customer.test-b7151c13.eml',NULL,1796030977245964,1796030978456369,'notice');
INSERT INTO outbox VALUES(9,67928047078519503,5,7,2,'opened','newticket_cc','berta@staff.test','berta@staff.test','staff.test',2,'default','sales@desk.test','hd.ciaad4kuglwgnmwpne6vp6wv3ekxmcwg@desk.test','{"from_name":"Sales","from":"sales@desk.test","to_name":"Berta","to":"berta@staff.test","reply_to":null,"subject":"[sales-5] An offer","message_id":"hd.ciaad4kuglwgnmwpne6vp6wv3ekxmcwg@desk.test","in_reply_to":null,"references":[],"date":1796030977,"voice":"notice","unsubscribe":null,"text":"##- Please type your reply above this line -##\n\nThere is a new ticket from eva@customer.test.\n\nHow much?\n\n[sales-5] An offer\nQueue: Sales\nState: open\nPriority: 2 (1 is the most urgent, 5 the least)\nOwner: nobody\nFrom: eva@customer.test\nOpened: 2026-11-30 09:29 UTC\n\nYour answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:\n#resolve  #close  #reopen  #hold  #unhold\n#note (your answer stays private)\n#assign USER (or: me, nobody)\n#priority 1-5\n#queue SLUG\n#cc ADDRESS\n#tag WORD\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px;color:#808080\">##- Please type your reply above this line -##</p>\n<p style=\"margin:0 0 16px\">\nThere is a new ticket from <bdi>eva@customer.test</bdi>.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px;padding-left:12px;border-left:3px solid #808080\">How much?</div>\n<p style=\"margin:0 0 4px;padding-top:8px;border-top:1px solid #999999\"><b>[sales-5] <bdi>An offer</bdi></b></p>\n<table cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 16px;font-size:13px\">\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Queue:</td><td dir=\"auto\">Sales</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">State:</td><td dir=\"auto\">open</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Priority:</td><td dir=\"auto\">2 (1 is the most urgent, 5 the least)</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Owner:</td><td dir=\"auto\">nobody</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">From:</td><td dir=\"auto\">eva@customer.test</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Opened:</td><td dir=\"auto\">2026-11-30 09:29 UTC</td></tr>\n</table>\n<p style=\"margin:0 0 4px;font-size:13px\">Your answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:</p>\n<p style=\"margin:0 0 16px;font-size:13px\">#resolve&nbsp; #close&nbsp; #reopen&nbsp; #hold&nbsp; #unhold<br>\n#note (your answer stays private)<br>\n#assign USER (or: me, nobody)<br>\n#priority 1-5<br>\n#queue SLUG<br>\n#cc ADDRESS<br>\n#tag WORD</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978462152,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ciaad4kuglwgnmwpne6vp6wv3ekxmcwg@desk.test_berta@staff.test-85753184.eml',NULL,1796030977245964,1796030978462152,'notice');
INSERT INTO outbox VALUES(10,52997797564898897,6,8,1,'opened','newticket_submitter','ann@customer.test','ann@customer.test','customer.test',3,'default','help@desk.test','hd.ceaadpcjg5i3xxsrtmyg2ae6wwumu4ya@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"ann@customer.test","reply_to":null,"subject":"[support-6] To be merged","message_id":"hd.ceaadpcjg5i3xxsrtmyg2ae6wwumu4ya@desk.test","in_reply_to":null,"references":[],"date":1796030977,"voice":"notice","unsubscribe":null,"text":"Hello,\n\nWe have received your request. Its number is [support-6].\nWe will answer as soon as we can.\n\nTo add something, reply to this mail and leave its subject as it is.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">Hello,</p>\n<p style=\"margin:0 0 16px\">\nWe have received your request. Its number is [support-6].\nWe will answer as soon as we can.\n</p>\n<p style=\"margin:0 0 16px\">\nTo add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978468053,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaadpcjg5i3xxsrtmyg2ae6wwumu4ya@desk.test_ann@customer.test-e88e1f8d.eml',NULL,1796030977303279,1796030978468053,'notice');
INSERT INTO outbox VALUES(11,43491638799633118,6,8,1,'opened','newticket_cc','list@desk-staff.test','list@desk-staff.test','desk-staff.test',NULL,'default','help@desk.test','hd.ciaadgudnjavucw6ktpwnxl2d4o4isrr@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"list@desk-staff.test","reply_to":null,"subject":"[support-6] To be merged","message_id":"hd.ciaadgudnjavucw6ktpwnxl2d4o4isrr@desk.test","in_reply_to":null,"references":[],"date":1796030977,"voice":"notice","unsubscribe":null,"text":"##- Please type your reply above this line -##\n\nThere is a new ticket from ann@customer.test.\n\nThe same.\n\n[support-6] To be merged\nQueue: Support\nState: open\nPriority: 3 (1 is the most urgent, 5 the least)\nOwner: nobody\nFrom: ann@customer.test\nOpened: 2026-11-30 09:29 UTC\nDue: 2026-12-01 09:29 UTC\n\nYour answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:\n#resolve  #close  #reopen  #hold  #unhold\n#note (your answer stays private)\n#assign USER (or: me, nobody)\n#priority 1-5\n#queue SLUG\n#cc ADDRESS\n#tag WORD\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px;color:#808080\">##- Please type your reply above this line -##</p>\n<p style=\"margin:0 0 16px\">\nThere is a new ticket from <bdi>ann@customer.test</bdi>.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px;padding-left:12px;border-left:3px solid #808080\">The same.</div>\n<p style=\"margin:0 0 4px;padding-top:8px;border-top:1px solid #999999\"><b>[support-6] <bdi>To be merged</bdi></b></p>\n<table cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 16px;font-size:13px\">\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Queue:</td><td dir=\"auto\">Support</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">State:</td><td dir=\"auto\">open</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Priority:</td><td dir=\"auto\">3 (1 is the most urgent, 5 the least)</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Owner:</td><td dir=\"auto\">nobody</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">From:</td><td dir=\"auto\">ann@customer.test</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Opened:</td><td dir=\"auto\">2026-11-30 09:29 UTC</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Due:</td><td dir=\"auto\">2026-12-01 09:29 UTC</td></tr>\n</table>\n<p style=\"margin:0 0 4px;font-size:13px\">Your answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:</p>\n<p style=\"margin:0 0 16px;font-size:13px\">#resolve&nbsp; #close&nbsp; #reopen&nbsp; #hold&nbsp; #unhold<br>\n#note (your answer stays private)<br>\n#assign USER (or: me, nobody)<br>\n#priority 1-5<br>\n#queue SLUG<br>\n#cc ADDRESS<br>\n#tag WORD</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978474659,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ciaadgudnjavucw6ktpwnxl2d4o4isrr@desk.test_list@desk-staff.test-52ab9c35.eml',NULL,1796030977303279,1796030978474659,'notice');
INSERT INTO outbox VALUES(14,34256153052971702,8,10,1,'opened','newticket_submitter','ann@customer.test','ann@customer.test','customer.test',3,'default','help@desk.test','hd.ceaac6ntzivbqavwwgoqznv5oeavdkpc@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"ann@customer.test","reply_to":null,"subject":"[support-8] To be closed","message_id":"hd.ceaac6ntzivbqavwwgoqznv5oeavdkpc@desk.test","in_reply_to":null,"references":[],"date":1796030977,"voice":"notice","unsubscribe":null,"text":"Hello,\n\nWe have received your request. Its number is [support-8].\nWe will answer as soon as we can.\n\nTo add something, reply to this mail and leave its subject as it is.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">Hello,</p>\n<p style=\"margin:0 0 16px\">\nWe have received your request. Its number is [support-8].\nWe will answer as soon as we can.\n</p>\n<p style=\"margin:0 0 16px\">\nTo add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978424944,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaac6ntzivbqavwwgoqznv5oeavdkpc@desk.test_ann@customer.test-4bcc43dd.eml',NULL,1796030977490190,1796030978424944,'notice');
INSERT INTO outbox VALUES(15,38099753915748116,8,10,1,'opened','newticket_cc','list@desk-staff.test','list@desk-staff.test','desk-staff.test',NULL,'default','help@desk.test','hd.ciaadb23qy5c3dyulu2axhzljgrfks7m@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"list@desk-staff.test","reply_to":null,"subject":"[support-8] To be closed","message_id":"hd.ciaadb23qy5c3dyulu2axhzljgrfks7m@desk.test","in_reply_to":null,"references":[],"date":1796030977,"voice":"notice","unsubscribe":null,"text":"##- Please type your reply above this line -##\n\nThere is a new ticket from ann@customer.test.\n\ny\n\n[support-8] To be closed\nQueue: Support\nState: open\nPriority: 3 (1 is the most urgent, 5 the least)\nOwner: nobody\nFrom: ann@customer.test\nOpened: 2026-11-30 09:29 UTC\nDue: 2026-12-01 09:29 UTC\n\nYour answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:\n#resolve  #close  #reopen  #hold  #unhold\n#note (your answer stays private)\n#assign USER (or: me, nobody)\n#priority 1-5\n#queue SLUG\n#cc ADDRESS\n#tag WORD\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px;color:#808080\">##- Please type your reply above this line -##</p>\n<p style=\"margin:0 0 16px\">\nThere is a new ticket from <bdi>ann@customer.test</bdi>.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px;padding-left:12px;border-left:3px solid #808080\">y</div>\n<p style=\"margin:0 0 4px;padding-top:8px;border-top:1px solid #999999\"><b>[support-8] <bdi>To be closed</bdi></b></p>\n<table cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 16px;font-size:13px\">\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Queue:</td><td dir=\"auto\">Support</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">State:</td><td dir=\"auto\">open</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Priority:</td><td dir=\"auto\">3 (1 is the most urgent, 5 the least)</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Owner:</td><td dir=\"auto\">nobody</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">From:</td><td dir=\"auto\">ann@customer.test</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Opened:</td><td dir=\"auto\">2026-11-30 09:29 UTC</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Due:</td><td dir=\"auto\">2026-12-01 09:29 UTC</td></tr>\n</table>\n<p style=\"margin:0 0 4px;font-size:13px\">Your answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:</p>\n<p style=\"margin:0 0 16px;font-size:13px\">#resolve&nbsp; #close&nbsp; #reopen&nbsp; #hold&nbsp; #unhold<br>\n#note (your answer stays private)<br>\n#assign USER (or: me, nobody)<br>\n#priority 1-5<br>\n#queue SLUG<br>\n#cc ADDRESS<br>\n#tag WORD</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978429102,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ciaadb23qy5c3dyulu2axhzljgrfks7m@desk.test_list@desk-staff.test-04f860c1.eml',NULL,1796030977490190,1796030978429102,'notice');
INSERT INTO outbox VALUES(16,68909604222935700,1,NULL,1,'assigned','assigned_owner','alex@staff.test','alex@staff.test','staff.test',1,'default','help@desk.test','hd.ciaad5gq5oaveiuu2ocuq43khv7yw7wc@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"Alex","to":"alex@staff.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ciaad5gq5oaveiuu2ocuq43khv7yw7wc@desk.test","in_reply_to":"m2@client.test","references":["m1@client.test","m2@client.test"],"date":1796030977,"voice":"notice","unsubscribe":null,"text":"##- Please type your reply above this line -##\n\nThis ticket is now yours, by Berta.\n\n[support-1] Printer on fire\nQueue: Support\nState: open\nPriority: 3 (1 is the most urgent, 5 the least)\nOwner: Alex\nFrom: ann@customer.test\nOpened: 2026-11-30 09:29 UTC\nDue: 2026-12-01 09:29 UTC\n\nYour answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:\n#resolve  #close  #reopen  #hold  #unhold\n#note (your answer stays private)\n#assign USER (or: me, nobody)\n#priority 1-5\n#queue SLUG\n#cc ADDRESS\n#tag WORD\n\n##- Please type your reply above this line -##\nEarlier, newest first:\n\n--- bob@customer.test, 2026-11-30 09:29 UTC ---\nIt is ours.\n\n--- ann@customer.test, 2026-11-30 09:29 UTC ---\nMy printer is on fire.\n\nAnn\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px;color:#808080\">##- Please type your reply above this line -##</p>\n<p style=\"margin:0 0 16px\">\nThis ticket is now yours, by <bdi>Berta</bdi>.\n</p>\n<p style=\"margin:0 0 4px;padding-top:8px;border-top:1px solid #999999\"><b>[support-1] <bdi>Printer on fire</bdi></b></p>\n<table cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 16px;font-size:13px\">\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Queue:</td><td dir=\"auto\">Support</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">State:</td><td dir=\"auto\">open</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Priority:</td><td dir=\"auto\">3 (1 is the most urgent, 5 the least)</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Owner:</td><td dir=\"auto\">Alex</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">From:</td><td dir=\"auto\">ann@customer.test</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Opened:</td><td dir=\"auto\">2026-11-30 09:29 UTC</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Due:</td><td dir=\"auto\">2026-12-01 09:29 UTC</td></tr>\n</table>\n<p style=\"margin:0 0 4px;font-size:13px\">Your answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:</p>\n<p style=\"margin:0 0 16px;font-size:13px\">#resolve&nbsp; #close&nbsp; #reopen&nbsp; #hold&nbsp; #unhold<br>\n#note (your answer stays private)<br>\n#assign USER (or: me, nobody)<br>\n#priority 1-5<br>\n#queue SLUG<br>\n#cc ADDRESS<br>\n#tag WORD</p>\n<p style=\"margin:0;color:#808080\">##- Please type your reply above this line -##</p>\n<p style=\"margin:0 0 8px\">Earlier, newest first:</p>\n<p style=\"margin:0 0 4px;font-size:13px\"><b><bdi>bob@customer.test</bdi>, 2026-11-30 09:29 UTC</b></p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">It is ours.</div>\n<p style=\"margin:0 0 4px;font-size:13px\"><b><bdi>ann@customer.test</bdi>, 2026-11-30 09:29 UTC</b></p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">My printer is on fire.<br>\n<br>\nAnn</div>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978433547,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ciaad5gq5oaveiuu2ocuq43khv7yw7wc@desk.test_alex@staff.test-ed78d431.eml',NULL,1796030977537611,1796030978433547,'notice');
INSERT INTO outbox VALUES(17,62975014092597897,1,11,1,'commented','updated_submitter','ann@customer.test','ann@customer.test','customer.test',3,'default','help@desk.test','hd.ceaadx53oeiln2ujewcdjy6uuba4xhrc@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"ann@customer.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ceaadx53oeiln2ujewcdjy6uuba4xhrc@desk.test","in_reply_to":"m2@client.test","references":["m1@client.test","m2@client.test"],"date":1796030977,"voice":"agent","unsubscribe":null,"text":"There is news from Alex on your request [support-1].\n\nDear Ann, use water.\n\nTo add something, reply to this mail and leave its subject as it is.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">\nThere is news from <bdi>Alex</bdi> on your request [support-1].\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">Dear Ann, use water.</div>\n<p style=\"margin:0 0 16px\">\nTo add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978480818,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaadx53oeiln2ujewcdjy6uuba4xhrc@desk.test_ann@customer.test-165e5af8.eml',NULL,1796030977592936,1796030978480818,'agent');
INSERT INTO outbox VALUES(18,47770339958313570,1,11,1,'commented','updated_copy','bob@customer.test','bob@customer.test','customer.test',4,'default','help@desk.test','hd.ceaadknw34aahutchyb6xynnk7aipals@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"bob@customer.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ceaadknw34aahutchyb6xynnk7aipals@desk.test","in_reply_to":"m2@client.test","references":["m1@client.test","m2@client.test"],"date":1796030977,"voice":"agent","unsubscribe":null,"text":"There is news from Alex on the request [support-1].\n\nDear Ann, use water.\n\nYou get a copy of what happens with this request. To add something, reply to this mail and leave its subject as it is.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">\nThere is news from <bdi>Alex</bdi> on the request [support-1].\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">Dear Ann, use water.</div>\n<p style=\"margin:0 0 16px\">\nYou get a copy of what happens with this request. To add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978440210,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaadknw34aahutchyb6xynnk7aipals@desk.test_bob@customer.test-f509b6cb.eml',NULL,1796030977592936,1796030978440210,'agent');
INSERT INTO outbox VALUES(19,12642811113551118,1,11,1,'commented','updated_copy','cid@other.test','cid@other.test','other.test',5,'default','help@desk.test','hd.ceaaclhkshmwfnio5pp7elr5tpxwrtlf@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"cid@other.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ceaaclhkshmwfnio5pp7elr5tpxwrtlf@desk.test","in_reply_to":"m2@client.test","references":["m1@client.test","m2@client.test"],"date":1796030977,"voice":"agent","unsubscribe":null,"text":"There is news from Alex on the request [support-1].\n\nDear Ann, use water.\n\nYou get a copy of what happens with this request. To add something, reply to this mail and leave its subject as it is.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">\nThere is news from <bdi>Alex</bdi> on the request [support-1].\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">Dear Ann, use water.</div>\n<p style=\"margin:0 0 16px\">\nYou get a copy of what happens with this request. To add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978459653,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaaclhkshmwfnio5pp7elr5tpxwrtlf@desk.test_cid@other.test-d4e915c9.eml',NULL,1796030977592936,1796030978459653,'agent');
INSERT INTO outbox VALUES(20,71084447040929118,1,16,1,'resolved','resolved_submitter','ann@customer.test','ann@customer.test','customer.test',3,'default','help@desk.test','hd.ceaad7ek5who37k6qaiz4dtrfctcbrpt@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"ann@customer.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ceaad7ek5who37k6qaiz4dtrfctcbrpt@desk.test","in_reply_to":"m2@client.test","references":["m1@client.test","m2@client.test"],"date":1796030977,"voice":"agent","unsubscribe":null,"text":"Hello,\n\nYour request [support-1] has been resolved.\n\nThen sand.\n\nIf something is still not right, reply to this mail and your request is opened again.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">Hello,</p>\n<p style=\"margin:0 0 16px\">\nYour request [support-1] has been resolved.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">Then sand.</div>\n<p style=\"margin:0 0 16px\">\nIf something is still not right, reply to this mail and your request is opened again.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978506919,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaad7ek5who37k6qaiz4dtrfctcbrpt@desk.test_ann@customer.test-fa3e1700.eml',NULL,1796030977840805,1796030978506919,'agent');
INSERT INTO outbox VALUES(21,10590249714533453,1,16,1,'resolved','resolved_copy','bob@customer.test','bob@customer.test','customer.test',4,'default','help@desk.test','hd.ceaacjm7y2ufcrcnhhecib22ggcpwizq@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"bob@customer.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ceaacjm7y2ufcrcnhhecib22ggcpwizq@desk.test","in_reply_to":"m2@client.test","references":["m1@client.test","m2@client.test"],"date":1796030977,"voice":"agent","unsubscribe":null,"text":"Hello,\n\nThe request [support-1] has been resolved.\n\nThen sand.\n\nYou get a copy of what happens with this request. If something is still not right, reply to this mail.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">Hello,</p>\n<p style=\"margin:0 0 16px\">\nThe request [support-1] has been resolved.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">Then sand.</div>\n<p style=\"margin:0 0 16px\">\nYou get a copy of what happens with this request. If something is still not right, reply to this mail.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978464805,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaacjm7y2ufcrcnhhecib22ggcpwizq@desk.test_bob@customer.test-fd448c1e.eml',NULL,1796030977840805,1796030978464805,'agent');
INSERT INTO outbox VALUES(22,32033088196347505,1,16,1,'resolved','resolved_copy','cid@other.test','cid@other.test','other.test',5,'default','help@desk.test','hd.ceaac4on5sfqbbtry4kpaicuoznhslgp@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"cid@other.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ceaac4on5sfqbbtry4kpaicuoznhslgp@desk.test","in_reply_to":"m2@client.test","references":["m1@client.test","m2@client.test"],"date":1796030977,"voice":"agent","unsubscribe":null,"text":"Hello,\n\nThe request [support-1] has been resolved.\n\nThen sand.\n\nYou get a copy of what happens with this request. If something is still not right, reply to this mail.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">Hello,</p>\n<p style=\"margin:0 0 16px\">\nThe request [support-1] has been resolved.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">Then sand.</div>\n<p style=\"margin:0 0 16px\">\nYou get a copy of what happens with this request. If something is still not right, reply to this mail.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978484179,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaac4on5sfqbbtry4kpaicuoznhslgp@desk.test_cid@other.test-7cc94b13.eml',NULL,1796030977840805,1796030978484179,'agent');
INSERT INTO outbox VALUES(23,43030660220184030,1,16,1,'resolved','resolved_copy','fay@customer.test','fay@customer.test','customer.test',11,'default','help@desk.test','hd.ceaadghafbin7zo6qsodj2isoj54fg4h@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"fay@customer.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ceaadghafbin7zo6qsodj2isoj54fg4h@desk.test","in_reply_to":"m2@client.test","references":["m1@client.test","m2@client.test"],"date":1796030977,"voice":"agent","unsubscribe":null,"text":"Hello,\n\nThe request [support-1] has been resolved.\n\nThen sand.\n\nYou get a copy of what happens with this request. If something is still not right, reply to this mail.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">Hello,</p>\n<p style=\"margin:0 0 16px\">\nThe request [support-1] has been resolved.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">Then sand.</div>\n<p style=\"margin:0 0 16px\">\nYou get a copy of what happens with this request. If something is still not right, reply to this mail.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978445884,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaadghafbin7zo6qsodj2isoj54fg4h@desk.test_fay@customer.test-7cfe7ad7.eml',NULL,1796030977840805,1796030978445884,'agent');
INSERT INTO outbox VALUES(24,34779290506527431,1,17,1,'reopened','updated_owner','alex@staff.test','alex@staff.test','staff.test',1,'default','help@desk.test','hd.ciaac64pssmc5awh46oyz3s265brymmg@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"Alex","to":"alex@staff.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ciaac64pssmc5awh46oyz3s265brymmg@desk.test","in_reply_to":"m7@client.test","references":["m1@client.test","m2@client.test","m7@client.test"],"date":1796030977,"voice":"notice","unsubscribe":null,"text":"##- Please type your reply above this line -##\n\nYour ticket has been opened again by ann@customer.test.\n\nNo sand here.\n\n[support-1] Printer on fire\nQueue: Support\nState: reopened\nPriority: 1 (1 is the most urgent, 5 the least)\nOwner: Alex\nFrom: ann@customer.test\nOpened: 2026-11-30 09:29 UTC\nDue: 2026-12-01 09:29 UTC\n\nYour answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:\n#resolve  #close  #reopen  #hold  #unhold\n#note (your answer stays private)\n#assign USER (or: me, nobody)\n#priority 1-5\n#queue SLUG\n#cc ADDRESS\n#tag WORD\n\n##- Please type your reply above this line -##\nEarlier, newest first:\n\n--- Alex, 2026-11-30 09:29 UTC ---\nThen sand.\n\n--- Alex, 2026-11-30 09:29 UTC ---\nDear Ann, use water.\n\n--- bob@customer.test, 2026-11-30 09:29 UTC ---\nIt is ours.\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px;color:#808080\">##- Please type your reply above this line -##</p>\n<p style=\"margin:0 0 16px\">\nYour ticket has been opened again by <bdi>ann@customer.test</bdi>.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px;padding-left:12px;border-left:3px solid #808080\">No sand here.</div>\n<p style=\"margin:0 0 4px;padding-top:8px;border-top:1px solid #999999\"><b>[support-1] <bdi>Printer on fire</bdi></b></p>\n<table cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 16px;font-size:13px\">\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Queue:</td><td dir=\"auto\">Support</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">State:</td><td dir=\"auto\">reopened</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Priority:</td><td dir=\"auto\">1 (1 is the most urgent, 5 the least)</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Owner:</td><td dir=\"auto\">Alex</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">From:</td><td dir=\"auto\">ann@customer.test</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Opened:</td><td dir=\"auto\">2026-11-30 09:29 UTC</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Due:</td><td dir=\"auto\">2026-12-01 09:29 UTC</td></tr>\n</table>\n<p style=\"margin:0 0 4px;font-size:13px\">Your answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:</p>\n<p style=\"margin:0 0 16px;font-size:13px\">#resolve&nbsp; #close&nbsp; #reopen&nbsp; #hold&nbsp; #unhold<br>\n#note (your answer stays private)<br>\n#assign USER (or: me, nobody)<br>\n#priority 1-5<br>\n#queue SLUG<br>\n#cc ADDRESS<br>\n#tag WORD</p>\n<p style=\"margin:0;color:#808080\">##- Please type your reply above this line -##</p>\n<p style=\"margin:0 0 8px\">Earlier, newest first:</p>\n<p style=\"margin:0 0 4px;font-size:13px\"><b><bdi>Alex</bdi>, 2026-11-30 09:29 UTC</b></p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">Then sand.</div>\n<p style=\"margin:0 0 4px;font-size:13px\"><b><bdi>Alex</bdi>, 2026-11-30 09:29 UTC</b></p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">Dear Ann, use water.</div>\n<p style=\"margin:0 0 4px;font-size:13px\"><b><bdi>bob@customer.test</bdi>, 2026-11-30 09:29 UTC</b></p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">It is ours.</div>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978467782,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ciaac64pssmc5awh46oyz3s265brymmg@desk.test_alex@staff.test-70ebebe7.eml',NULL,1796030977873817,1796030978467782,'notice');
INSERT INTO outbox VALUES(25,31499403657659280,1,17,1,'reopened','updated_copy','bob@customer.test','bob@customer.test','customer.test',4,'default','help@desk.test','hd.ceaac37irjw2nq4qm5nafqwgwpfggtb3@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"bob@customer.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ceaac37irjw2nq4qm5nafqwgwpfggtb3@desk.test","in_reply_to":"m7@client.test","references":["m1@client.test","m2@client.test","m7@client.test"],"date":1796030977,"voice":"notice","unsubscribe":null,"text":"The request [support-1] has been opened again by ann@customer.test.\n\nNo sand here.\n\nYou get a copy of what happens with this request. To add something, reply to this mail and leave its subject as it is.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">\nThe request [support-1] has been opened again by <bdi>ann@customer.test</bdi>.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">No sand here.</div>\n<p style=\"margin:0 0 16px\">\nYou get a copy of what happens with this request. To add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978487335,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaac37irjw2nq4qm5nafqwgwpfggtb3@desk.test_bob@customer.test-73eaf542.eml',NULL,1796030977873817,1796030978487335,'notice');
INSERT INTO outbox VALUES(26,27977903501570379,1,17,1,'reopened','updated_copy','cid@other.test','cid@other.test','other.test',5,'default','help@desk.test','hd.ceaacy3fyfd4k4klscpgqh534rptai6h@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"cid@other.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ceaacy3fyfd4k4klscpgqh534rptai6h@desk.test","in_reply_to":"m7@client.test","references":["m1@client.test","m2@client.test","m7@client.test"],"date":1796030977,"voice":"notice","unsubscribe":null,"text":"The request [support-1] has been opened again by ann@customer.test.\n\nNo sand here.\n\nYou get a copy of what happens with this request. To add something, reply to this mail and leave its subject as it is.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">\nThe request [support-1] has been opened again by <bdi>ann@customer.test</bdi>.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">No sand here.</div>\n<p style=\"margin:0 0 16px\">\nYou get a copy of what happens with this request. To add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978513022,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaacy3fyfd4k4klscpgqh534rptai6h@desk.test_cid@other.test-3f4b9477.eml',NULL,1796030977873817,1796030978513022,'notice');
INSERT INTO outbox VALUES(27,32950774988698612,1,17,1,'reopened','updated_copy','fay@customer.test','fay@customer.test','customer.test',11,'default','help@desk.test','hd.ceaac5iqrytem47ublla3dzsbumovlnq@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"fay@customer.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ceaac5iqrytem47ublla3dzsbumovlnq@desk.test","in_reply_to":"m7@client.test","references":["m1@client.test","m2@client.test","m7@client.test"],"date":1796030977,"voice":"notice","unsubscribe":null,"text":"The request [support-1] has been opened again by ann@customer.test.\n\nNo sand here.\n\nYou get a copy of what happens with this request. To add something, reply to this mail and leave its subject as it is.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">\nThe request [support-1] has been opened again by <bdi>ann@customer.test</bdi>.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">No sand here.</div>\n<p style=\"margin:0 0 16px\">\nYou get a copy of what happens with this request. To add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978472602,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaac5iqrytem47ublla3dzsbumovlnq@desk.test_fay@customer.test-ef6d62b5.eml',NULL,1796030977873817,1796030978472602,'notice');
INSERT INTO outbox VALUES(28,4871702127991788,1,NULL,1,'noted','agent_unverified','alex@staff.test','alex@staff.test','staff.test',1,'default','help@desk.test','hd.ciaacekozgfmuw7mdft2vvrjl2l7ofrh@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"Alex","to":"alex@staff.test","reply_to":null,"subject":"[support-1] Printer on fire","message_id":"hd.ciaacekozgfmuw7mdft2vvrjl2l7ofrh@desk.test","in_reply_to":"m8@client.test","references":["m8@client.test"],"date":1796030977,"voice":"notice","unsubscribe":null,"text":"##- Please type your reply above this line -##\n\nA mail in your name reached this ticket, but it could not be confirmed that you sent it for that. Its text was kept as a private note; nothing of it was sent to the customer, and no command in it was carried out.\nIf it was not yours, there is nothing you need to do.\n\nNothing vouches for you as its sender: neither DMARC nor a DKIM signature of your domain was seen to pass. Until that is mended, use the `helpdeskd ticket` command; `helpdeskd check` says what the desk believes.\n\n##- Please type your reply above this line -##\nPrivate: only agents see this.\n\nMine.\n\n[support-1] Printer on fire\nQueue: Support\nState: reopened\nPriority: 1 (1 is the most urgent, 5 the least)\nOwner: Alex\nFrom: ann@customer.test\nOpened: 2026-11-30 09:29 UTC\nDue: 2026-12-01 09:29 UTC\n\nYour answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:\n#resolve  #close  #reopen  #hold  #unhold\n#note (your answer stays private)\n#assign USER (or: me, nobody)\n#priority 1-5\n#queue SLUG\n#cc ADDRESS\n#tag WORD\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px;color:#808080\">##- Please type your reply above this line -##</p>\n<p style=\"margin:0 0 16px\">\nA mail in your name reached this ticket, but it could not be confirmed that you sent it for that. Its text was kept as a private note; nothing of it was sent to the customer, and no command in it was carried out.\nIf it was not yours, there is nothing you need to do.\n</p>\n<p dir=\"auto\" style=\"margin:0 0 16px\">Nothing vouches for you as its sender: neither DMARC nor a DKIM signature of your domain was seen to pass. Until that is mended, use the `helpdeskd ticket` command; `helpdeskd check` says what the desk believes.</p>\n<p style=\"margin:0;color:#808080\">##- Please type your reply above this line -##</p>\n<p style=\"margin:0 0 8px\"><b>Private: only agents see this.</b></p>\n<div dir=\"auto\" style=\"margin:0 0 16px;padding-left:12px;border-left:3px solid #808080\">Mine.</div>\n<p style=\"margin:0 0 4px;padding-top:8px;border-top:1px solid #999999\"><b>[support-1] <bdi>Printer on fire</bdi></b></p>\n<table cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 16px;font-size:13px\">\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Queue:</td><td dir=\"auto\">Support</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">State:</td><td dir=\"auto\">reopened</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Priority:</td><td dir=\"auto\">1 (1 is the most urgent, 5 the least)</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Owner:</td><td dir=\"auto\">Alex</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">From:</td><td dir=\"auto\">ann@customer.test</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Opened:</td><td dir=\"auto\">2026-11-30 09:29 UTC</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Due:</td><td dir=\"auto\">2026-12-01 09:29 UTC</td></tr>\n</table>\n<p style=\"margin:0 0 4px;font-size:13px\">Your answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:</p>\n<p style=\"margin:0 0 16px;font-size:13px\">#resolve&nbsp; #close&nbsp; #reopen&nbsp; #hold&nbsp; #unhold<br>\n#note (your answer stays private)<br>\n#assign USER (or: me, nobody)<br>\n#priority 1-5<br>\n#queue SLUG<br>\n#cc ADDRESS<br>\n#tag WORD</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978489554,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ciaacekozgfmuw7mdft2vvrjl2l7ofrh@desk.test_alex@staff.test-f0e63058.eml',NULL,1796030977928758,1796030978489554,'notice');
INSERT INTO outbox VALUES(29,14690984813606627,6,NULL,1,'merged','merged_submitter','ann@customer.test','ann@customer.test','customer.test',3,'default','help@desk.test','hd.ceaacnbrl5ztonxd6dxkp53q2s5udmtg@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"ann@customer.test","reply_to":null,"subject":"[support-6] To be merged","message_id":"hd.ceaacnbrl5ztonxd6dxkp53q2s5udmtg@desk.test","in_reply_to":null,"references":[],"date":1796030978,"voice":"notice","unsubscribe":null,"text":"Hello,\n\nWe handle your request [support-6] together with another one, [support-1].\nThere is nothing you need to do.\n\nTo add something, reply to this mail and leave its subject as it is.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">Hello,</p>\n<p style=\"margin:0 0 16px\">\nWe handle your request [support-6] together with another one, [support-1].\nThere is nothing you need to do.\n</p>\n<p style=\"margin:0 0 16px\">\nTo add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978497446,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaacnbrl5ztonxd6dxkp53q2s5udmtg@desk.test_ann@customer.test-96198079.eml',NULL,1796030978105564,1796030978497446,'notice');
INSERT INTO outbox VALUES(30,18826380652203703,8,19,1,'closed','closed_submitter','ann@customer.test','ann@customer.test','customer.test',3,'default','help@desk.test','hd.ceaacqxcpzjs4tvx6nn7l2r73bfdxhxi@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"ann@customer.test","reply_to":null,"subject":"[support-8] To be closed","message_id":"hd.ceaacqxcpzjs4tvx6nn7l2r73bfdxhxi@desk.test","in_reply_to":null,"references":[],"date":1796030978,"voice":"notice","unsubscribe":null,"text":"Hello,\n\nYour request [support-8] has been closed.\n\nIf you need us again, reply to this mail.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">Hello,</p>\n<p style=\"margin:0 0 16px\">\nYour request [support-8] has been closed.\n</p>\n<p style=\"margin:0 0 16px\">\nIf you need us again, reply to this mail.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978476505,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaacqxcpzjs4tvx6nn7l2r73bfdxhxi@desk.test_ann@customer.test-8ff7ce0d.eml',NULL,1796030978202448,1796030978476505,'notice');
INSERT INTO outbox VALUES(31,67607237962776099,5,20,2,'resolved','resolved_submitter','eva@customer.test','eva@customer.test','customer.test',9,'default','sales@desk.test','hd.ceaad4bqns5qiprdeovvwycuezlmv3fv@desk.test','{"from_name":"Sales","from":"sales@desk.test","to_name":"","to":"eva@customer.test","reply_to":null,"subject":"[sales-5] An offer","message_id":"hd.ceaad4bqns5qiprdeovvwycuezlmv3fv@desk.test","in_reply_to":null,"references":[],"date":1796030978,"voice":"agent","unsubscribe":null,"text":"Hello,\n\nYour request [sales-5] has been resolved.\n\nIt costs 3.\n\nIf something is still not right, reply to this mail and your request is opened again.\n\n-- \nSales\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">Hello,</p>\n<p style=\"margin:0 0 16px\">\nYour request [sales-5] has been resolved.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px\">It costs 3.</div>\n<p style=\"margin:0 0 16px\">\nIf something is still not right, reply to this mail and your request is opened again.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Sales</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978501900,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaad4bqns5qiprdeovvwycuezlmv3fv@desk.test_eva@customer.test-c5814e23.eml',NULL,1796030978226932,1796030978501900,'agent');
INSERT INTO outbox VALUES(32,41464056495548602,9,21,1,'opened','newticket_submitter','api@customer.test','api@customer.test','customer.test',13,'default','help@desk.test','hd.ceaade2pk33f2kf2e2llaqmoqcshwrgb@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"api@customer.test","reply_to":null,"subject":"[support-9] By API","message_id":"hd.ceaade2pk33f2kf2e2llaqmoqcshwrgb@desk.test","in_reply_to":null,"references":[],"date":1796030978,"voice":"notice","unsubscribe":null,"text":"Hello,\n\nWe have received your request. Its number is [support-9].\nWe will answer as soon as we can.\n\nTo add something, reply to this mail and leave its subject as it is.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">Hello,</p>\n<p style=\"margin:0 0 16px\">\nWe have received your request. Its number is [support-9].\nWe will answer as soon as we can.\n</p>\n<p style=\"margin:0 0 16px\">\nTo add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978550973,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaade2pk33f2kf2e2llaqmoqcshwrgb@desk.test_api@customer.test-34b28723.eml',NULL,1796030978539864,1796030978550973,'notice');
INSERT INTO outbox VALUES(33,12460372496806491,9,21,1,'opened','newticket_cc','list@desk-staff.test','list@desk-staff.test','desk-staff.test',NULL,'default','help@desk.test','hd.ciaaclceusghb4s3mlzakr6pjiqqcmb5@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"list@desk-staff.test","reply_to":null,"subject":"[support-9] By API","message_id":"hd.ciaaclceusghb4s3mlzakr6pjiqqcmb5@desk.test","in_reply_to":null,"references":[],"date":1796030978,"voice":"notice","unsubscribe":null,"text":"##- Please type your reply above this line -##\n\nThere is a new ticket from api@customer.test.\n\nhello\n\n[support-9] By API\nQueue: Support\nState: open\nPriority: 3 (1 is the most urgent, 5 the least)\nOwner: nobody\nFrom: api@customer.test\nOpened: 2026-11-30 09:29 UTC\nDue: 2026-12-01 09:29 UTC\n\nYour answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:\n#resolve  #close  #reopen  #hold  #unhold\n#note (your answer stays private)\n#assign USER (or: me, nobody)\n#priority 1-5\n#queue SLUG\n#cc ADDRESS\n#tag WORD\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px;color:#808080\">##- Please type your reply above this line -##</p>\n<p style=\"margin:0 0 16px\">\nThere is a new ticket from <bdi>api@customer.test</bdi>.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px;padding-left:12px;border-left:3px solid #808080\">hello</div>\n<p style=\"margin:0 0 4px;padding-top:8px;border-top:1px solid #999999\"><b>[support-9] <bdi>By API</bdi></b></p>\n<table cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 16px;font-size:13px\">\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Queue:</td><td dir=\"auto\">Support</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">State:</td><td dir=\"auto\">open</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Priority:</td><td dir=\"auto\">3 (1 is the most urgent, 5 the least)</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Owner:</td><td dir=\"auto\">nobody</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">From:</td><td dir=\"auto\">api@customer.test</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Opened:</td><td dir=\"auto\">2026-11-30 09:29 UTC</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Due:</td><td dir=\"auto\">2026-12-01 09:29 UTC</td></tr>\n</table>\n<p style=\"margin:0 0 4px;font-size:13px\">Your answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:</p>\n<p style=\"margin:0 0 16px;font-size:13px\">#resolve&nbsp; #close&nbsp; #reopen&nbsp; #hold&nbsp; #unhold<br>\n#note (your answer stays private)<br>\n#assign USER (or: me, nobody)<br>\n#priority 1-5<br>\n#queue SLUG<br>\n#cc ADDRESS<br>\n#tag WORD</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978556683,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ciaaclceusghb4s3mlzakr6pjiqqcmb5@desk.test_list@desk-staff.test-f088afd9.eml',NULL,1796030978539864,1796030978556683,'notice');
INSERT INTO outbox VALUES(34,40502843651476998,10,22,1,'opened','newticket_submitter','ann@customer.test','ann@customer.test','customer.test',3,'default','help@desk.test','hd.ceaadd7fd4ud2tqgzvoeggivh37w5kif@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"ann@customer.test","reply_to":null,"subject":"[support-10] Raised","message_id":"hd.ceaadd7fd4ud2tqgzvoeggivh37w5kif@desk.test","in_reply_to":null,"references":[],"date":1796030978,"voice":"notice","unsubscribe":null,"text":"Hello,\n\nWe have received your request. Its number is [support-10].\nWe will answer as soon as we can.\n\nTo add something, reply to this mail and leave its subject as it is.\n\n-- \nSupport\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px\">Hello,</p>\n<p style=\"margin:0 0 16px\">\nWe have received your request. Its number is [support-10].\nWe will answer as soon as we can.\n</p>\n<p style=\"margin:0 0 16px\">\nTo add something, reply to this mail and leave its subject as it is.\n</p>\n<p dir=\"auto\" style=\"margin:0;padding-top:8px;border-top:1px solid #999999;font-size:13px\">Support</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978593072,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ceaadd7fd4ud2tqgzvoeggivh37w5kif@desk.test_ann@customer.test-99141a65.eml',NULL,1796030978557874,1796030978593072,'notice');
INSERT INTO outbox VALUES(35,43838072751118819,10,22,1,'opened','newticket_cc','list@desk-staff.test','list@desk-staff.test','desk-staff.test',NULL,'default','help@desk.test','hd.ciaadg56p2y7pwpdcnu6hjhu7v5fs5cd@desk.test','{"from_name":"Support","from":"help@desk.test","to_name":"","to":"list@desk-staff.test","reply_to":null,"subject":"[support-10] Raised","message_id":"hd.ciaadg56p2y7pwpdcnu6hjhu7v5fs5cd@desk.test","in_reply_to":null,"references":[],"date":1796030978,"voice":"notice","unsubscribe":null,"text":"##- Please type your reply above this line -##\n\nThere is a new ticket from ann@customer.test.\n\nplease\n\n[support-10] Raised\nQueue: Support\nState: open\nPriority: 3 (1 is the most urgent, 5 the least)\nOwner: nobody\nFrom: ann@customer.test\nOpened: 2026-11-30 09:29 UTC\nDue: 2026-12-01 09:29 UTC\n\nYour answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:\n#resolve  #close  #reopen  #hold  #unhold\n#note (your answer stays private)\n#assign USER (or: me, nobody)\n#priority 1-5\n#queue SLUG\n#cc ADDRESS\n#tag WORD\n","html":"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Example Support</title>\n</head>\n<body style=\"margin:0;padding:0\">\n<div lang=\"en\" dir=\"ltr\" style=\"max-width:640px;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;overflow-wrap:break-word\">\n<p style=\"margin:0 0 16px;color:#808080\">##- Please type your reply above this line -##</p>\n<p style=\"margin:0 0 16px\">\nThere is a new ticket from <bdi>ann@customer.test</bdi>.\n</p>\n<div dir=\"auto\" style=\"margin:0 0 16px;padding-left:12px;border-left:3px solid #808080\">please</div>\n<p style=\"margin:0 0 4px;padding-top:8px;border-top:1px solid #999999\"><b>[support-10] <bdi>Raised</bdi></b></p>\n<table cellpadding=\"0\" cellspacing=\"0\" style=\"margin:0 0 16px;font-size:13px\">\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Queue:</td><td dir=\"auto\">Support</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">State:</td><td dir=\"auto\">open</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Priority:</td><td dir=\"auto\">3 (1 is the most urgent, 5 the least)</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Owner:</td><td dir=\"auto\">nobody</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">From:</td><td dir=\"auto\">ann@customer.test</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Opened:</td><td dir=\"auto\">2026-11-30 09:29 UTC</td></tr>\n<tr><td style=\"padding:0 16px 0 0;vertical-align:top\">Due:</td><td dir=\"auto\">2026-12-01 09:29 UTC</td></tr>\n</table>\n<p style=\"margin:0 0 4px;font-size:13px\">Your answer goes to the customer, unless you say #note. Commands stand above it, one a line, at the very top:</p>\n<p style=\"margin:0 0 16px;font-size:13px\">#resolve&nbsp; #close&nbsp; #reopen&nbsp; #hold&nbsp; #unhold<br>\n#note (your answer stays private)<br>\n#assign USER (or: me, nobody)<br>\n#priority 1-5<br>\n#queue SLUG<br>\n#cc ADDRESS<br>\n#tag WORD</p>\n</div>\n</body>\n</html>","attachments":[]}','sent',1796030978622898,0,1,0,NULL,NULL,'written to /tmp/up/s/out/hd.ciaadg56p2y7pwpdcnu6hjhu7v5fs5cd@desk.test_list@desk-staff.test-6a98fc77.eml',NULL,1796030978557874,1796030978622898,'notice');
CREATE TABLE channels (
    account text not null primary key,
    paused_until integer not null,
    refusals integer not null,
    last_error text
) strict;
CREATE TABLE api_tokens (
    id integer primary key autoincrement,
    name text not null,
    token text not null unique,
    key_digest blob not null,
    created_at integer not null,
    revoked_at integer
) strict;
INSERT INTO api_tokens VALUES(1,'shop','2dti2u5nojopcwto',X'2851f9d4c80c4a1875207719c51a85f6ba3cd08fa9c466cac8ea90aa5893cf57',1796030976792706,NULL);
CREATE TABLE ratings (
    ticket_id integer not null references tickets (id) on delete cascade,
    user_id integer not null references users (id) on delete restrict,
    value integer not null check (value between 1 and 5),
    created_at integer not null,
    changed_at integer not null,
    primary key (ticket_id, user_id)
) strict;
INSERT INTO ratings VALUES(1,3,5,1796030978592862,1796030978592862);
CREATE TABLE login_failures (
    subject text not null primary key,
    failures integer not null,
    since integer not null
) strict;
CREATE TABLE login_origins (
    account text not null,
    origin text not null,
    at integer not null,
    primary key (account, origin)
) strict;
INSERT INTO login_origins VALUES('user:1','127.0.0.1',1796030978537272);
INSERT INTO login_origins VALUES('token:1','127.0.0.1',1796030978556100);
CREATE TABLE idempotency_keys (
    account text not null,
    path text not null,
    key text not null,
    digest blob not null,
    content_type text,
    body text,
    created_at integer not null,
    primary key (account, path, key)
) strict;
CREATE TABLE probes (
    queue_id integer not null unique references queues (id) on delete cascade,
    -- It holds for these; another address or mailbox is another way.
    address text not null,
    mailbox text not null,
    account text not null,
    plus_addresses text not null check (plus_addresses in ('arrive', 'lost', 'unknown')),
    message_ids text not null check (message_ids in ('kept', 'rewritten', 'unknown')),
    -- The name in the topmost Authentication-Results.
    authserv_id text,
    probed_at integer not null
) strict;
CREATE TABLE exclusions (
    id integer primary key autoincrement,
    -- As people have it: 2026-12-24.
    date text not null,
    queue_id integer references queues (id) on delete cascade,
    created_at integer not null
) strict;
INSERT INTO exclusions VALUES(1,'2026-12-24',NULL,1796030978349725);
CREATE TABLE schedules (
    name text not null primary key,
    ran_at integer not null
) strict;
INSERT INTO schedules VALUES('report',1796030978398073);
INSERT INTO schedules VALUES('escalation',1796030978401695);
INSERT INTO schedules VALUES('housekeeping',1796030978398101);
INSERT INTO schedules VALUES('watch',1796030978398047);
CREATE TABLE alerts (
    trouble text not null primary key,
    raised_at integer not null
) strict;
CREATE TABLE agreements (
    id integer primary key autoincrement,
    uuid text not null unique,
    -- The side that this desk is.
    side text not null check (side in ('sender', 'receiver')),
    status text not null check (status in ('pending', 'accepted', 'declined', 'inactive')),
    access_key text not null,
    sender_url text not null,
    receiver_url text not null,
    our_name text not null,
    partner_name text not null,
    sync_tags integer not null,
    sync_custom_fields integer not null,
    public_comments integer not null,
    -- Where the partner's tickets go.
    queue_id integer references queues (id) on delete restrict,
    notes text not null check (notes in ('local', 'shared')),
    status_map text not null,
    -- From which network an invitation came.
    origin text,
    deactivated_by text,
    -- Nothing is sent any more, until an operator says so.
    broken_at integer,
    trouble text,
    -- Since when the partner cannot be reached.
    failing_since integer,
    created_at integer not null,
    changed_at integer not null
) strict;
CREATE TABLE agreement_events (
    id integer primary key autoincrement,
    agreement_id integer not null references agreements (id) on delete cascade,
    door text not null,
    actor text,
    event text not null,
    detail text,
    at integer not null
) strict;
CREATE TABLE shared_tickets (
    id integer primary key autoincrement,
    agreement_id integer not null references agreements (id) on delete cascade,
    uuid text not null,
    ticket_id integer references tickets (id) on delete set null,
    state text not null check (state in ('shared', 'unshared')),
    original_id text,
    -- The last status words: ours when it was last looked at, and the last one that went either way.
    our_status text,
    partner_status text,
    tags text not null,
    -- What the partner gave, and what was last sent to him.
    custom_fields text,
    sent_fields text,
    -- Entries up to this one were sent, or stay at home.
    last_followup_id integer not null,
    -- How often the whole ticket was sent because the partner did not know it.
    reposts integer not null,
    created_at integer not null,
    changed_at integer not null,
    unique (agreement_id, uuid)
) strict;
CREATE TABLE shared_comments (
    shared_ticket_id integer not null references shared_tickets (id) on delete cascade,
    uuid text not null,
    followup_id integer not null references followups (id) on delete cascade,
    origin text not null check (origin in ('ours', 'theirs')),
    primary key (shared_ticket_id, uuid)
) strict;
CREATE TABLE shared_actors (
    agreement_id integer not null references agreements (id) on delete cascade,
    uuid text not null,
    user_id integer not null references users (id) on delete restrict,
    role text not null check (role in ('agent', 'customer')),
    created_at integer not null,
    primary key (agreement_id, uuid)
) strict;
CREATE TABLE partner_outbox (
    id integer primary key autoincrement,
    agreement_id integer not null references agreements (id) on delete cascade,
    -- None: about the agreement itself.
    shared_ticket_id integer references shared_tickets (id) on delete cascade,
    about text not null check (about in ('invitation', 'decision', 'deactivation', 'share', 'update', 'unshare')),
    body text not null,
    with_token integer not null,
    automatic integer not null,
    state text not null check (state in ('queued', 'done', 'parked', 'failed', 'cancelled')),
    due_at integer not null,
    lease_until integer not null,
    attempts integer not null,
    first_tried_at integer,
    code integer,
    answer text,
    created_at integer not null,
    settled_at integer
) strict;
CREATE TABLE attachment_links (
    token text not null primary key,
    shared_ticket_id integer not null references shared_tickets (id) on delete cascade,
    followup_id integer not null references followups (id) on delete cascade,
    blob_id integer not null references blobs (id) on delete cascade,
    name text not null,
    content_type text not null,
    size integer not null,
    expires_at integer not null
) strict;
CREATE TABLE partner_files (
    id integer primary key autoincrement,
    agreement_id integer not null references agreements (id) on delete cascade,
    followup_id integer not null references followups (id) on delete cascade,
    url text not null,
    name text not null,
    content_type text,
    -- Whether somebody is to be told of the entry once all of its files are here.
    tells integer not null,
    state text not null check (state in ('waiting', 'kept', 'linked')),
    reason text,
    due_at integer not null,
    lease_until integer not null,
    attempts integer not null,
    created_at integer not null,
    settled_at integer
) strict;
CREATE TABLE oauth_tokens (
    account text not null,
    origin text not null,
    refresh_token text not null,
    holder text not null,
    held_until integer not null,
    changed_at integer not null,
    primary key (account, origin)
) strict;
CREATE TABLE bounces (
    outbox_id integer not null unique references outbox (id) on delete cascade,
    recipient_key text not null,
    action text not null check (action in ('failed', 'delayed')),
    kind text not null,
    status text not null,
    answer text not null,
    -- Counts towards a suppression.
    counts_at integer,
    inbox_id integer,
    at integer not null
) strict;
CREATE TABLE suppressions (
    address_key text not null primary key,
    address text not null,
    reason text not null,
    detail text not null,
    created_at integer not null,
    -- None: until somebody lifts it.
    expires_at integer
) strict;
INSERT INTO suppressions VALUES('dead@customer.test','dead@customer.test','manual','',1796030978320098,NULL);
CREATE TABLE ignore_rules (
    id integer primary key autoincrement,
    -- None: all queues.
    queue_id integer references queues (id) on delete restrict,
    pattern text not null,
    server text not null check (server in ('keep', 'delete')),
    created_at integer not null
) strict;
INSERT INTO ignore_rules VALUES(1,NULL,'robot@noise.test','keep',1796030978286161);
CREATE TABLE storms (
    queue_id integer not null references queues (id) on delete restrict,
    sender_key text not null,
    subject_key blob not null,
    ticket_id integer references tickets (id) on delete set null,
    arrivals text not null,
    folded integer not null,
    changed_at integer not null,
    primary key (queue_id, sender_key, subject_key)
) strict;
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('keys',1);
INSERT INTO sqlite_sequence VALUES('queues',4);
INSERT INTO sqlite_sequence VALUES('ticket_types',4);
INSERT INTO sqlite_sequence VALUES('users',13);
INSERT INTO sqlite_sequence VALUES('api_tokens',1);
INSERT INTO sqlite_sequence VALUES('blobs',10);
INSERT INTO sqlite_sequence VALUES('inbox',9);
INSERT INTO sqlite_sequence VALUES('tickets',10);
INSERT INTO sqlite_sequence VALUES('followups',22);
INSERT INTO sqlite_sequence VALUES('changes',33);
INSERT INTO sqlite_sequence VALUES('message_ids',8);
INSERT INTO sqlite_sequence VALUES('outbox',35);
INSERT INTO sqlite_sequence VALUES('attachments',1);
INSERT INTO sqlite_sequence VALUES('ignore_rules',1);
INSERT INTO sqlite_sequence VALUES('exclusions',1);
CREATE INDEX ticket_types_queue on ticket_types (queue_id);
CREATE INDEX users_staff on users (id) where role <> 'customer';
CREATE INDEX tickets_queue on tickets (queue_id, id);
CREATE INDEX tickets_submitter on tickets (submitter_id, id);
CREATE INDEX tickets_owner on tickets (owner_id, id) where owner_id is not null;
CREATE INDEX tickets_open on tickets (id) where status in ('open', 'reopened');
CREATE INDEX tickets_escalate on tickets (escalate_at) where escalate_at is not null;
CREATE INDEX tickets_merged on tickets (merged_into) where merged_into is not null;
CREATE INDEX tickets_follows on tickets (follows) where follows is not null;
CREATE INDEX followups_ticket on followups (ticket_id, id);
CREATE INDEX attachments_followup on attachments (followup_id);
CREATE INDEX attachments_blob on attachments (blob_id) where blob_id is not null;
CREATE INDEX ticket_ccs_user on ticket_ccs (user_id);
CREATE INDEX changes_ticket on changes (ticket_id, id);
CREATE INDEX inbox_open on inbox (mailbox_id, id) where outcome is null;
CREATE INDEX inbox_waiting on inbox (outcome, id) where outcome in ('suspended', 'quarantined');
CREATE INDEX inbox_dispose on inbox (mailbox_id, dispose_at) where dispose_at is not null;
CREATE INDEX inbox_message on inbox (message_id) where message_id is not null;
CREATE INDEX inbox_blob on inbox (blob_id) where blob_id is not null;
CREATE INDEX inbox_ticket on inbox (ticket_id) where ticket_id is not null;
CREATE INDEX message_ids_text on message_ids (message_id);
CREATE INDEX message_ids_ticket on message_ids (ticket_id, id);
CREATE INDEX outbox_due on outbox (account, due_at) where state = 'queued';
CREATE INDEX outbox_unsettled on outbox (id) where state in ('queued', 'unknown');
CREATE INDEX outbox_pair on outbox (ticket_id, recipient_key, id);
CREATE INDEX outbox_relay on outbox (relay_id) where relay_id is not null;
CREATE INDEX outbox_acknowledged on outbox (recipient_key, created_at) where event = 'acknowledgement';
CREATE INDEX outbox_acknowledged_domain on outbox (recipient_domain, created_at) where event = 'acknowledgement';
CREATE INDEX ratings_user on ratings (user_id);
CREATE INDEX login_failures_since on login_failures (since);
CREATE INDEX login_origins_at on login_origins (at);
CREATE INDEX idempotency_keys_created on idempotency_keys (created_at);
CREATE INDEX tickets_shown on tickets (
    (case when status not in ('open', 'reopened') then 'closed'
        when held_at is not null then 'onhold'
        when owner_id is null then 'unassigned'
        else 'open' end), id);
CREATE INDEX tickets_due on tickets (due_at, id) where due_at is not null and status in ('open', 'reopened');
CREATE INDEX tickets_created on tickets (created_at, id);
CREATE INDEX tickets_owner_open on tickets (owner_id, id) where owner_id is not null and status in ('open', 'reopened');
CREATE UNIQUE INDEX exclusions_day on exclusions (date, coalesce(queue_id, 0));
CREATE INDEX tickets_overdue on tickets (due_at) where overdue_at is null and status in ('open', 'reopened');
CREATE INDEX tickets_unreminded on tickets (queue_id, id)
    where overdue_at is not null and reminded_at is null and status in ('open', 'reopened');
CREATE INDEX tickets_resolved on tickets (queue_id, closed_at) where status = 'resolved';
CREATE INDEX inbox_kept on inbox (recorded_at) where blob_id is not null;
CREATE INDEX agreements_pending on agreements (created_at) where status = 'pending';
CREATE INDEX agreement_events_agreement on agreement_events (agreement_id, id);
CREATE INDEX shared_tickets_ticket on shared_tickets (ticket_id, agreement_id) where ticket_id is not null;
CREATE INDEX shared_tickets_uuid on shared_tickets (uuid);
CREATE INDEX shared_comments_followup on shared_comments (followup_id, shared_ticket_id);
CREATE INDEX shared_actors_user on shared_actors (user_id);
CREATE INDEX partner_outbox_due on partner_outbox (due_at, id) where state = 'queued';
CREATE INDEX partner_outbox_agreement on partner_outbox (agreement_id, id);
CREATE INDEX partner_outbox_busy on partner_outbox (agreement_id, lease_until) where state = 'queued';
CREATE INDEX partner_outbox_ticket on partner_outbox (shared_ticket_id, id) where shared_ticket_id is not null;
CREATE INDEX partner_outbox_created on partner_outbox (created_at) where state <> 'queued';
CREATE INDEX attachment_links_share on attachment_links (shared_ticket_id);
CREATE INDEX attachment_links_followup on attachment_links (followup_id);
CREATE INDEX attachment_links_blob on attachment_links (blob_id);
CREATE INDEX attachment_links_expires on attachment_links (expires_at);
CREATE INDEX partner_files_due on partner_files (due_at, id) where state = 'waiting';
CREATE INDEX partner_files_followup on partner_files (followup_id, id);
CREATE INDEX partner_files_agreement on partner_files (agreement_id);
CREATE INDEX partner_files_busy on partner_files (agreement_id, lease_until) where state = 'waiting';
CREATE INDEX outbox_recipient on outbox (recipient_key, id) where state <> 'cancelled';
CREATE INDEX bounces_recipient on bounces (recipient_key, counts_at) where counts_at is not null;
CREATE INDEX ignore_rules_queue on ignore_rules (queue_id);
CREATE INDEX storms_ticket on storms (ticket_id) where ticket_id is not null;
COMMIT;
