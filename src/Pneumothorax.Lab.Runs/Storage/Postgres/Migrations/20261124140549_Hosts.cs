using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pneumothorax.Lab.Runs.Storage.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Hosts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "AttemptAt",
                table: "Runs",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Host",
                table: "Runs",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "HostFaults",
                table: "Runs",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "MinutesAllowed",
                table: "Runs",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Rank",
                table: "Runs",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Slot",
                table: "Runs",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "Hosts",
                columns: table => new
                {
                    Name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Process = table.Column<string>(type: "text", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Version = table.Column<string>(type: "text", nullable: false),
                    Slots = table.Column<int>(type: "integer", nullable: false),
                    StartedAt = table.Column<long>(type: "bigint", nullable: false),
                    SeenAt = table.Column<long>(type: "bigint", nullable: false),
                    LeftAt = table.Column<long>(type: "bigint", nullable: true),
                    DrainedAt = table.Column<long>(type: "bigint", nullable: true),
                    Devices = table.Column<string>(type: "text", nullable: false),
                    Gpus = table.Column<string>(type: "text", nullable: false),
                    Processors = table.Column<int>(type: "integer", nullable: false),
                    CpuLoad = table.Column<double>(type: "double precision", nullable: true),
                    MemoryUsed = table.Column<long>(type: "bigint", nullable: true),
                    MemoryTotal = table.Column<long>(type: "bigint", nullable: true),
                    DiskFree = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Hosts", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "Queue",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    PausedAt = table.Column<long>(type: "bigint", nullable: true),
                    PauseReason = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    RunningEach = table.Column<int>(type: "integer", nullable: false),
                    WaitingEach = table.Column<int>(type: "integer", nullable: false),
                    RunMinutes = table.Column<int>(type: "integer", nullable: false),
                    FairHours = table.Column<int>(type: "integer", nullable: false),
                    RunsBytes = table.Column<long>(type: "bigint", nullable: true),
                    RunsCountedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Queue", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SlotUses",
                columns: table => new
                {
                    RunId = table.Column<int>(type: "integer", nullable: false),
                    Attempt = table.Column<int>(type: "integer", nullable: false),
                    OwnerId = table.Column<int>(type: "integer", nullable: true),
                    Host = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    BeganAt = table.Column<long>(type: "bigint", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    IsCharged = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SlotUses", x => new { x.RunId, x.Attempt });
                    table.ForeignKey(
                        name: "FK_SlotUses_Members_OwnerId",
                        column: x => x.OwnerId,
                        principalTable: "Members",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "Queue",
                columns: new[] { "Id", "FairHours", "PauseReason", "PausedAt", "RunMinutes", "RunningEach", "RunsBytes", "RunsCountedAt", "WaitingEach" },
                values: new object[] { 1, 24, null, null, 180, 1, null, null, 3 });

            migrationBuilder.CreateIndex(
                name: "IX_SlotUses_EndedAt",
                table: "SlotUses",
                column: "EndedAt");

            migrationBuilder.CreateIndex(
                name: "IX_SlotUses_OwnerId",
                table: "SlotUses",
                column: "OwnerId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Hosts");

            migrationBuilder.DropTable(
                name: "Queue");

            migrationBuilder.DropTable(
                name: "SlotUses");

            migrationBuilder.DropColumn(
                name: "AttemptAt",
                table: "Runs");

            migrationBuilder.DropColumn(
                name: "Host",
                table: "Runs");

            migrationBuilder.DropColumn(
                name: "HostFaults",
                table: "Runs");

            migrationBuilder.DropColumn(
                name: "MinutesAllowed",
                table: "Runs");

            migrationBuilder.DropColumn(
                name: "Rank",
                table: "Runs");

            migrationBuilder.DropColumn(
                name: "Slot",
                table: "Runs");
        }
    }
}
