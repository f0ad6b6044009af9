using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pneumothorax.Lab.Runs.Storage.Migrations
{
    /// <inheritdoc />
    public partial class IdempotencyKeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Runs_OwnerId",
                table: "Runs");

            migrationBuilder.AddColumn<string>(
                name: "IdempotencyKey",
                table: "Runs",
                type: "TEXT",
                maxLength: 100,
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Runs_OwnerId_IdempotencyKey",
                table: "Runs",
                columns: new[] { "OwnerId", "IdempotencyKey" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Runs_OwnerId_IdempotencyKey",
                table: "Runs");

            migrationBuilder.DropColumn(
                name: "IdempotencyKey",
                table: "Runs");

            migrationBuilder.CreateIndex(
                name: "IX_Runs_OwnerId",
                table: "Runs",
                column: "OwnerId");
        }
    }
}
