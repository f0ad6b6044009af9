PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY,
    "Timestamp" TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);
INSERT INTO __EFMigrationsHistory VALUES('20261123042126_First','10.0.14');
INSERT INTO __EFMigrationsHistory VALUES('20261124040509_Coursework','10.0.14');
INSERT INTO __EFMigrationsHistory VALUES('20261124065458_AnswersRead','10.0.14');
INSERT INTO __EFMigrationsHistory VALUES('20261124103012_Handover','10.0.14');
INSERT INTO __EFMigrationsHistory VALUES('20261124184909_ClassAtScale','10.0.14');
INSERT INTO __EFMigrationsHistory VALUES('20261130133014_NamesSignInsAndSharing','10.0.14');
CREATE TABLE IF NOT EXISTS "Members" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Members" PRIMARY KEY AUTOINCREMENT,
    "Name" TEXT COLLATE NOCASE NOT NULL,
    "Role" TEXT NOT NULL,
    "TokenHash" TEXT NOT NULL,
    "JoinedAt" INTEGER NOT NULL
, "CurrentRunId" INTEGER NULL, "Place" TEXT NULL, "SeenAt" INTEGER NULL, "IsHost" INTEGER NOT NULL DEFAULT 0, "SectionId" INTEGER NULL, "SignedInAt" INTEGER NULL, "NameKey" TEXT NULL);
INSERT INTO Members VALUES(1,'Instructor','Instructor','3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9',1796069147190,NULL,NULL,NULL,1,NULL,NULL,'instructor');
INSERT INTO Members VALUES(2,'Zoë','Student','02922878f5a14201ef75587dd695301e27d97721671935c7c30f5cf11caabcdb',1796069152083,NULL,NULL,NULL,0,1,1796069152110,'zoë');
INSERT INTO Members VALUES(3,'Old Student','Student','9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f',1796069152543,NULL,NULL,NULL,0,1,1796069152553,'old student');
CREATE TABLE IF NOT EXISTS "Runs" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Runs" PRIMARY KEY AUTOINCREMENT,
    "Name" TEXT NOT NULL,
    "OwnerId" INTEGER NULL,
    "IsReference" INTEGER NOT NULL,
    "Dataset" TEXT NOT NULL,
    "Network" TEXT NOT NULL,
    "Hyperparameters" TEXT NOT NULL,
    "State" TEXT NOT NULL,
    "Step" INTEGER NOT NULL,
    "Attempt" INTEGER NOT NULL,
    "BestStep" INTEGER NULL,
    "ImagesPerSecond" REAL NULL,
    "SecondsLeft" REAL NULL,
    "Stage" TEXT NULL,
    "Message" TEXT NULL,
    "CreatedAt" INTEGER NOT NULL,
    "QueuedAt" INTEGER NOT NULL,
    "StartedAt" INTEGER NULL,
    "EndedAt" INTEGER NULL,
    "CopiedFromId" INTEGER NULL, "FromStep" INTEGER NULL, "Job" TEXT NULL, "AttemptAt" INTEGER NULL, "EvaluatesOnly" INTEGER NOT NULL DEFAULT 0, "Host" TEXT NULL, "HostFaults" INTEGER NOT NULL DEFAULT 0, "MinutesAllowed" INTEGER NULL, "Rank" INTEGER NULL, "Slot" INTEGER NULL, "IdempotencyKey" TEXT NULL, "ProcessorSeconds" REAL NULL, "SeenAt" INTEGER NULL, "SharedAt" INTEGER NULL,
    CONSTRAINT "FK_Runs_Members_OwnerId" FOREIGN KEY ("OwnerId") REFERENCES "Members" ("Id") ON DELETE RESTRICT
);
INSERT INTO Runs VALUES(1,'Reference',NULL,1,'phantom','lite','{"batchSize":16,"learningRate":0.002,"steps":800,"seed":1,"optimizer":"adam","momentum":0.9,"schedule":"cosine","warmUpSteps":20,"stepEvery":1000,"stepFactor":0.1,"weightDecay":0,"labelSmoothing":0,"classWeighting":"none","shuffle":true,"flip":true,"rotate":false,"shift":false,"scale":false,"exposure":false,"precision":"float32","earlyStopping":0,"validationEvery":10,"checkpointEvery":100,"recordImages":true,"recordDistributions":true,"normalization":"batch"}','Completed',800,0,800,NULL,NULL,NULL,NULL,1795498710359,1795498710359,NULL,1795498710359,NULL,NULL,NULL,NULL,0,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE IF NOT EXISTS "Answers" (
    "MemberId" INTEGER NOT NULL,
    "Question" TEXT NOT NULL,
    "Text" TEXT NOT NULL,
    "Version" INTEGER NOT NULL,
    "UpdatedAt" INTEGER NOT NULL, "ReadVersion" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "PK_Answers" PRIMARY KEY ("MemberId", "Question"),
    CONSTRAINT "FK_Answers_Members_MemberId" FOREIGN KEY ("MemberId") REFERENCES "Members" ("Id") ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS "Attempts" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Attempts" PRIMARY KEY AUTOINCREMENT,
    "MemberId" INTEGER NOT NULL,
    "Task" TEXT NOT NULL,
    "Answer" TEXT NOT NULL,
    "About" TEXT NOT NULL,
    "IsCorrect" INTEGER NOT NULL,
    "At" INTEGER NOT NULL,
    CONSTRAINT "FK_Attempts_Members_MemberId" FOREIGN KEY ("MemberId") REFERENCES "Members" ("Id") ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS "Comments" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Comments" PRIMARY KEY AUTOINCREMENT,
    "MemberId" INTEGER NOT NULL,
    "Question" TEXT NOT NULL,
    "Text" TEXT NOT NULL,
    "At" INTEGER NOT NULL,
    CONSTRAINT "FK_Comments_Members_MemberId" FOREIGN KEY ("MemberId") REFERENCES "Members" ("Id") ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS "Pins" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Pins" PRIMARY KEY AUTOINCREMENT,
    "MemberId" INTEGER NOT NULL,
    "Question" TEXT NULL,
    "Address" TEXT NOT NULL,
    "Title" TEXT NOT NULL,
    "Picture" TEXT NULL,
    "Note" TEXT NOT NULL,
    "At" INTEGER NOT NULL,
    CONSTRAINT "FK_Pins_Members_MemberId" FOREIGN KEY ("MemberId") REFERENCES "Members" ("Id") ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS "AccessTokens" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_AccessTokens" PRIMARY KEY AUTOINCREMENT,
    "MemberId" INTEGER NOT NULL,
    "Name" TEXT NOT NULL,
    "Hash" TEXT NOT NULL,
    "CreatedAt" INTEGER NOT NULL,
    "ExpiresAt" INTEGER NULL,
    "LastUsedAt" INTEGER NULL,
    CONSTRAINT "FK_AccessTokens_Members_MemberId" FOREIGN KEY ("MemberId") REFERENCES "Members" ("Id") ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS "Accounts" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Accounts" PRIMARY KEY,
    "PasswordHash" TEXT NULL,
    "SecurityStamp" TEXT NULL,
    "ConcurrencyStamp" TEXT NULL,
    "LockoutEnd" INTEGER NULL,
    "LockoutEnabled" INTEGER NOT NULL,
    "AccessFailedCount" INTEGER NOT NULL,
    CONSTRAINT "FK_Accounts_Members_Id" FOREIGN KEY ("Id") REFERENCES "Members" ("Id") ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS "Audit" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Audit" PRIMARY KEY AUTOINCREMENT,
    "At" INTEGER NOT NULL,
    "ActorId" INTEGER NULL,
    "Kind" TEXT NOT NULL,
    "Subject" TEXT NULL,
    "MemberId" INTEGER NULL,
    "Detail" TEXT NOT NULL,
    "Address" TEXT NULL
);
CREATE TABLE IF NOT EXISTS "Courses" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Courses" PRIMARY KEY AUTOINCREMENT,
    "Name" TEXT NOT NULL,
    "FirstDay" TEXT NULL,
    "LastDay" TEXT NULL,
    "ClosedAt" INTEGER NULL,
    "Datasets" TEXT NULL,
    "CreatedAt" INTEGER NOT NULL
);
INSERT INTO Courses VALUES(1,'Pneumothorax Lab',NULL,NULL,NULL,NULL,1796069147400);
CREATE TABLE IF NOT EXISTS "Hosts" (
    "Name" TEXT NOT NULL CONSTRAINT "PK_Hosts" PRIMARY KEY,
    "Process" TEXT NOT NULL,
    "Kind" TEXT NOT NULL,
    "Version" TEXT NOT NULL,
    "Slots" INTEGER NOT NULL,
    "StartedAt" INTEGER NOT NULL,
    "SeenAt" INTEGER NOT NULL,
    "LeftAt" INTEGER NULL,
    "DrainedAt" INTEGER NULL,
    "Devices" TEXT NOT NULL,
    "Gpus" TEXT NOT NULL,
    "Processors" INTEGER NOT NULL,
    "CpuLoad" REAL NULL,
    "MemoryUsed" INTEGER NULL,
    "MemoryTotal" INTEGER NULL,
    "DiskFree" INTEGER NULL
);
CREATE TABLE IF NOT EXISTS "Queue" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Queue" PRIMARY KEY,
    "PausedAt" INTEGER NULL,
    "PauseReason" TEXT NULL,
    "RunningEach" INTEGER NOT NULL,
    "WaitingEach" INTEGER NOT NULL,
    "RunMinutes" INTEGER NOT NULL,
    "FairHours" INTEGER NOT NULL,
    "Drawing" TEXT NULL,
    "RunsBytes" INTEGER NULL,
    "RunsCountedAt" INTEGER NULL
);
INSERT INTO Queue VALUES(1,NULL,NULL,1,3,180,24,NULL,0,1796069147634);
CREATE TABLE IF NOT EXISTS "SlotUses" (
    "RunId" INTEGER NOT NULL,
    "Attempt" INTEGER NOT NULL,
    "OwnerId" INTEGER NULL,
    "Host" TEXT NOT NULL,
    "BeganAt" INTEGER NOT NULL,
    "EndedAt" INTEGER NULL,
    "IsCharged" INTEGER NOT NULL,
    "FromStep" INTEGER NULL,
    "Step" INTEGER NULL,
    "End" TEXT NULL,
    CONSTRAINT "PK_SlotUses" PRIMARY KEY ("RunId", "Attempt"),
    CONSTRAINT "FK_SlotUses_Members_OwnerId" FOREIGN KEY ("OwnerId") REFERENCES "Members" ("Id") ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS "Logins" (
    "LoginProvider" TEXT NOT NULL,
    "ProviderKey" TEXT NOT NULL,
    "ProviderDisplayName" TEXT NULL,
    "UserId" INTEGER NOT NULL,
    CONSTRAINT "PK_Logins" PRIMARY KEY ("LoginProvider", "ProviderKey"),
    CONSTRAINT "FK_Logins_Accounts_UserId" FOREIGN KEY ("UserId") REFERENCES "Accounts" ("Id") ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS "Purges" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Purges" PRIMARY KEY AUTOINCREMENT,
    "CourseId" INTEGER NOT NULL,
    "Choice" TEXT NOT NULL,
    "ById" INTEGER NULL,
    "Address" TEXT NULL,
    "StartedAt" INTEGER NOT NULL,
    "UpTo" INTEGER NOT NULL,
    "Total" INTEGER NOT NULL,
    "Done" INTEGER NOT NULL,
    "Left" INTEGER NOT NULL,
    "FreedBytes" INTEGER NOT NULL,
    "Cursor" INTEGER NOT NULL,
    "SecondsLeft" REAL NULL,
    "Host" TEXT NULL,
    "SeenAt" INTEGER NOT NULL,
    "EndedAt" INTEGER NULL,
    CONSTRAINT "FK_Purges_Courses_CourseId" FOREIGN KEY ("CourseId") REFERENCES "Courses" ("Id") ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS "Sections" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Sections" PRIMARY KEY AUTOINCREMENT,
    "CourseId" INTEGER NOT NULL,
    "Name" TEXT NOT NULL,
    "Code" TEXT NOT NULL,
    "CodeHash" TEXT NOT NULL,
    "IsDefault" INTEGER NOT NULL,
    CONSTRAINT "FK_Sections_Courses_CourseId" FOREIGN KEY ("CourseId") REFERENCES "Courses" ("Id") ON DELETE CASCADE
);
INSERT INTO Sections VALUES(1,1,'Section 1','OLDLAB','106848ae8f06822bb97a7c859a9e317dc9f86d5cc2597adf094e37f47f5b8915',1);
CREATE TABLE IF NOT EXISTS "EndedSignIns" (
    "Ticket" TEXT NOT NULL CONSTRAINT "PK_EndedSignIns" PRIMARY KEY,
    "EndedAt" INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS "SignInFailures" (
    "Key" TEXT NOT NULL CONSTRAINT "PK_SignInFailures" PRIMARY KEY,
    "Count" INTEGER NOT NULL,
    "LastAt" INTEGER NOT NULL,
    "RefusedUntil" INTEGER NULL
);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('Members',3);
INSERT INTO sqlite_sequence VALUES('Courses',1);
INSERT INTO sqlite_sequence VALUES('Sections',1);
INSERT INTO sqlite_sequence VALUES('Runs',1);
CREATE UNIQUE INDEX "IX_Members_TokenHash" ON "Members" ("TokenHash");
CREATE INDEX "IX_Runs_State" ON "Runs" ("State");
CREATE INDEX "IX_Attempts_MemberId_Task" ON "Attempts" ("MemberId", "Task");
CREATE INDEX "IX_Comments_MemberId" ON "Comments" ("MemberId");
CREATE INDEX "IX_Pins_MemberId" ON "Pins" ("MemberId");
CREATE INDEX "IX_Members_SectionId" ON "Members" ("SectionId");
CREATE UNIQUE INDEX "IX_AccessTokens_Hash" ON "AccessTokens" ("Hash");
CREATE INDEX "IX_AccessTokens_MemberId" ON "AccessTokens" ("MemberId");
CREATE INDEX "IX_Audit_At" ON "Audit" ("At");
CREATE INDEX "IX_Audit_MemberId" ON "Audit" ("MemberId");
CREATE INDEX "IX_Logins_UserId" ON "Logins" ("UserId");
CREATE INDEX "IX_Purges_CourseId" ON "Purges" ("CourseId");
CREATE UNIQUE INDEX "IX_Sections_CodeHash" ON "Sections" ("CodeHash");
CREATE INDEX "IX_Sections_CourseId" ON "Sections" ("CourseId");
CREATE INDEX "IX_SlotUses_EndedAt" ON "SlotUses" ("EndedAt");
CREATE INDEX "IX_SlotUses_OwnerId" ON "SlotUses" ("OwnerId");
CREATE UNIQUE INDEX "IX_Runs_OwnerId_IdempotencyKey" ON "Runs" ("OwnerId", "IdempotencyKey");
CREATE UNIQUE INDEX "IX_Members_NameKey" ON "Members" ("NameKey");
CREATE INDEX "IX_EndedSignIns_EndedAt" ON "EndedSignIns" ("EndedAt");
CREATE INDEX "IX_SignInFailures_LastAt" ON "SignInFailures" ("LastAt");
COMMIT;
