using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pneumothorax.Lab.Runs.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Attempts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "End",
                table: "SlotUses",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "FromStep",
                table: "SlotUses",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Step",
                table: "SlotUses",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "EvaluatesOnly",
                table: "Runs",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Drawing",
                table: "Queue",
                type: "TEXT",
                nullable: true);

            migrationBuilder.UpdateData(
                table: "Queue",
                keyColumn: "Id",
                keyValue: 1,
                column: "Drawing",
                value: null);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "End",
                table: "SlotUses");

            migrationBuilder.DropColumn(
                name: "FromStep",
                table: "SlotUses");

            migrationBuilder.DropColumn(
                name: "Step",
                table: "SlotUses");

            migrationBuilder.DropColumn(
                name: "EvaluatesOnly",
                table: "Runs");

            migrationBuilder.DropColumn(
                name: "Drawing",
                table: "Queue");
        }
    }
}
