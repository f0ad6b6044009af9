using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pneumothorax.Lab.Storage.Migrations
{
    /// <inheritdoc />
    public partial class AnswersRead : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "ReadVersion",
                table: "Answers",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ReadVersion",
                table: "Answers");
        }
    }
}
