import type { Sample } from "./sample.ts";

export const septemberEarly: Sample[] = [
  {
    section: "van-hoa",
    tags: ["nhiếp ảnh", "ký ức phố"],
    copy: `Phố cũ trong 120 bức ảnh gia đình

01/09/2024, 06:30

Phố cũ trong 120 bức ảnh gia đình – Triển lãm mở cửa từ hôm nay tại nhà văn hóa phường Bến Thóc, giới thiệu những bức ảnh chụp từ năm 1955 đến năm 1999 do chính người dân cho mượn.

Ở đây không có tác phẩm của nhiếp ảnh gia nổi tiếng. Một đám cưới đi bằng xe đạp, một buổi xếp hàng mua gạo, bến phà sáng mùng Một, lớp học bên ngọn đèn dầu – mỗi khung hình đều kèm vài dòng do chủ nhân tự viết.

Người xem có thể mang ảnh cũ tới để nhóm tình nguyện quét lại miễn phí. Bản gốc được trả ngay tại chỗ, bản số được lưu vào kho ảnh chung của phường nếu gia đình đồng ý.

Triển lãm mở đến hết ngày 15/9, từ 8 giờ đến 21 giờ, vào cửa tự do.

Lan Chi`,
  },
  {
    section: "kinh-te",
    tags: ["du lịch", "môi trường"],
    copy: `Nghỉ lễ 2/9:

Đảo Hòn Vung đón 18.500 lượt khách trong bốn ngày

03/09/2024, 20:15

Lượng khách tăng gần 12% so với cùng kỳ năm ngoái, công suất phòng đạt khoảng 85%. Đây cũng là dịp lễ đầu tiên đảo thử bán vé tàu theo khung giờ.

Nhờ chia 16 khung giờ và cho đặt vé trước, thời gian chờ ở bến tàu giảm từ gần hai giờ xuống còn khoảng 25 phút. Gần 7.000 lượt khách đã đặt vé qua mạng.

Các hộ cho thuê phòng niêm yết giá phòng và số điện thoại cần gọi ở nơi dễ thấy. Đường dây nóng của đảo nhận 23 cuộc gọi trong bốn ngày, đa số để hỏi đường và tìm đồ thất lạc.

Sáng kiến đổi một túi rác lấy một ly nước mía ở bãi Đông thu được hơn 900 kg rác nhựa, phần lớn do trẻ em nhặt trên bãi cát cùng bố mẹ.

“Khách đông mà bãi sạch thì lần sau người ta còn quay lại”, bà Phan Thị Xuyến, chủ một quán nước, nói.

Quỳnh Mai`,
  },
  {
    section: "thoi-su",
    tags: ["giáo dục", "thiếu nhi"],
    photos: ["khai-giang.jpg"],
    copy: `Lễ khai giảng của 43 học trò trên đảo

05/09/2024, 11:20

Không bóng bay, không diễn văn dài, lễ khai giảng ở điểm trường Hòn Vung gói gọn trong 35 phút và kết thúc bằng một buổi trồng cây.

Học sinh lớp 1 được anh chị lớp 5 dắt tay vào lớp. Ảnh: Hữu Bình

Năm học này, điểm trường có 43 học sinh tiểu học, trong đó bảy em vào lớp 1. Hai lớp ghép được tách riêng nhờ có thêm một giáo viên tình nguyện ra đảo.

Sau hồi trống, mỗi em lớp 1 được một anh chị lớp 5 dắt vào lớp và tặng một ống bút tự làm từ vỏ lon, bọc vải hoa.

Cô giáo Nguyễn Thị Sương Mai, người gắn bó với đảo chín năm, cho biết điều mừng nhất là đường truyền mạng đã ổn định. “Từ tuần sau, học sinh khối 4, khối 5 sẽ học tiếng Anh cùng các bạn trong đất liền qua màn hình”, cô nói.

Cuối buổi lễ, thầy trò trồng 43 cây bàng vuông quanh sân, mỗi cây đeo một tấm biển gỗ ghi tên người chăm.

Tin, ảnh: Hữu Bình`,
  },
  {
    section: "thoi-su",
    tags: ["cây xanh", "môi trường"],
    copy: `Sau mưa bão:

Hơn 300 cây xanh ở phường Bến Thóc được dựng lại

11/09/2024, 07:50

Thay vì cưa bỏ, phường Bến Thóc chọn cách cắt tỉa, dựng lại và chằng chống những cây còn khả năng sống. Công việc dự kiến hoàn thành trong tuần này.

Đến chiều 10/9, 312 trong số 428 cây đổ, nghiêng đã đứng thẳng trở lại trên hè phố. Chủ yếu là sấu, bàng và bằng lăng có đường kính thân dưới 30 cm.

Mỗi tổ năm người, gồm công nhân cây xanh và dân quân của phường, phụ trách một đoạn phố. Cây được tỉa bớt hai phần ba tán, xử lý vết cắt, quấn thân bằng bao tải ẩm rồi kéo thẳng bằng tời, chống bốn phía.

Người dân tự nhận chăm cây trước cửa nhà: tưới hai lần mỗi ngày, báo cho tổ dân phố khi thấy lá héo hoặc cọc lung lay. Danh sách cây cùng vị trí được dán ở nhà văn hóa.

“Hàng sấu này có từ hồi tôi còn đi học. Cứu được cây nào mừng cây ấy”, ông Tạ Đình Nhân, 71 tuổi, ở phố Bến Cũ, nói.

Gỗ từ 116 cây không thể cứu được tập kết về bãi, ưu tiên đóng ghế cho công viên; cành lá được nghiền để ủ phân.

Hải An – Hữu Bình`,
  },
  {
    section: "kinh-te",
    tags: ["nông nghiệp", "rau vụ đông"],
    copy: `Hợp tác xã Đồng Mơ gieo lại 40 ha rau sau mưa lớn

13/09/2024, 10:00

Nước rút, xã viên ra đồng ngay. Đến sáng 13/9, 26 trong số 40 ha rau màu bị dập nát đã được làm đất và gieo lại bằng các giống ngắn ngày.

Hợp tác xã ứng trước hạt giống cải ngọt, cải mơ và rau dền, những loại cho thu hoạch sau 25 đến 30 ngày, đồng thời hướng dẫn rắc vôi bột, lên luống cao 25 cm để thoát nước nhanh.

Với cà chua, su hào vụ đông sớm, hợp tác xã khuyên bà con gieo cây con trong khay có mái che và chỉ đưa ra ruộng từ đầu tháng 10, khi thời tiết ổn định hơn.

Trong hai tuần tới, các điểm bán của hợp tác xã giữ nguyên giá rau, chấp nhận giảm lãi để người mua và người trồng cùng vượt qua thời điểm khan hàng.

T.H.

(Theo Bản tin Nông nghiệp)`,
  },
];
