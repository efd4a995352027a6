import type { Sample } from "./sample.ts";

export const augustLate: Sample[] = [
  {
    section: "van-hoa",
    tags: ["lễ hội", "ven sông"],
    photos: ["hoa-dang.jpg"],
    copy: `Đêm hoa đăng trên bến Thóc

17/08/2024, 22:10

Tối 17/8, hơn 2.000 ngọn hoa đăng được thả xuống khúc sông trước bến Thóc trong đêm Vu Lan, mang theo lời nguyện của những người con dành cho cha mẹ.

Hoa đăng trôi trên khúc sông trước bến Thóc. Ảnh: Lan Chi

Nghi thức bông hồng cài áo diễn ra giản dị ngay trên bậc đá. Ai còn mẹ cài hoa đỏ, ai mất mẹ cài hoa trắng, rồi cùng ngồi xuống, im lặng trong ba phút.

“Năm ngoái tôi còn cài bông đỏ. Năm nay đứng vào hàng hoa trắng mới thấy một lời hỏi thăm hằng ngày quý thế nào”, chị Đinh Thu Ngân, một người dân phường Bến Thóc, chia sẻ.

Hoa đăng năm nay làm bằng giấy bản và đế bẹ chuối, không dùng xốp. Ngay sau buổi lễ, 40 bạn trẻ chèo thuyền nan vớt lại toàn bộ để mặt sông sạch trước khi nước lên.

Chương trình khép lại bằng tiết mục hát ru của các bà, các mẹ trong phường: không sân khấu, không loa lớn, chỉ có tiếng sáo và tiếng sóng vỗ vào bậc đá.

Bài, ảnh: Lan Chi`,
  },
  {
    section: "chinh-tri",
    tags: ["cải cách hành chính"],
    copy: `Phường Cầu Vối:

Lấy ý kiến người dân về tên gọi chín tuyến phố mới

20/08/2024, 14:45

Từ ngày 16/8 đến ngày 20/9, người dân phường Cầu Vối có thể góp ý cho phương án đặt tên chín tuyến phố vừa hoàn thành hạ tầng.

Dự thảo chia chín tên gọi thành ba nhóm: danh nhân lịch sử, tên làng cổ và tên các loài cây từng được trồng dọc bờ sông. Mỗi phương án có bản thuyết minh dài một trang, đăng kèm bản đồ.

Phiếu góp ý được phát tới từng hộ, đồng thời có bản điện tử, mở bằng mã QR dán ở 11 nhà văn hóa tổ dân phố. Kết quả sẽ được công bố công khai trước khi hoàn thiện tờ trình.

Theo tổ giúp việc, sau bốn ngày đã có hơn 700 phiếu gửi về; nhiều người đề nghị giữ tên Bờ Sấu cho con phố có hàng sấu già.

Quỳnh Mai`,
  },
  {
    section: "kinh-te",
    tags: ["hải sản", "môi trường"],
    copy: `Chung tay làm sạch và bán hàu, ngư dân Cồn Vạn bớt lo mất giá

23/08/2024, 09:10

Thay vì bán xô ngay tại bè, các hộ nuôi hàu ở Cồn Vạn cùng nhau lập trạm làm sạch, đóng gói và bán theo đơn đặt trước.

Cồn Vạn có 58 hộ nuôi hàu với hơn 400 bè. Mọi năm, cứ đến tháng 8, thương lái trả giá mỗi ngày một khác, có lúc chỉ 9.000 đồng/kg, chưa đủ bù tiền con giống và công vớt.

Từ đầu năm, 31 hộ góp vốn dựng trạm làm sạch bằng nước biển lọc tuần hoàn. Hàu được giữ trong bể 24 giờ, phân cỡ rồi đóng túi lưới 2 kg, gắn mã ghi ngày vớt và tên bè.

Nhờ thế, giá bán ổn định ở mức 22.000 đến 25.000 đồng/kg. Mỗi ngày trạm xuất khoảng 1,8 tấn, chủ yếu cho các quán ăn và bếp ăn tập thể trong vùng.

“Cái được lớn nhất là hôm nay đã biết ngày mai bán cho ai, bán bao nhiêu mà vớt”, anh Hoàng Văn Chài, tổ trưởng tổ nuôi hàu, nói.

Các hộ thống nhất để trống một phần ba diện tích mặt nước cho dòng chảy lưu thông, thay dần phao xốp bằng phao nhựa và gom rác trên bè vào bờ mỗi chiều.

Vũ Kha – Thanh Trà`,
  },
  {
    section: "chinh-tri",
    tags: ["cải cách hành chính", "chuyển đổi số"],
    copy: `Phường Bến Thóc trả kết quả khai sinh ngay trong buổi

27/08/2024, 15:30

Giấy khai sinh, đăng ký thường trú và thẻ bảo hiểm y tế cho trẻ nay được làm cùng lúc tại một bàn; phụ huynh chỉ phải điền một tờ khai.

Mô hình chạy thử từ đầu tháng 6 tại bộ phận một cửa của phường. Cán bộ chỉ nhập dữ liệu một lần, hồ sơ tự chuyển sang các bước tiếp theo, người dân không phải cầm giấy tờ đi qua từng bàn.

Sau gần ba tháng, phường đã giải quyết 186 hồ sơ, thời gian chờ nhận giấy khai sinh trung bình là 34 phút, không hồ sơ nào trễ hẹn. Trước đó, một gia đình thường phải đi lại ba lần.

## Một bàn, một tờ khai

“Tôi tranh thủ giờ nghỉ trưa ra phường, làm xong vẫn kịp về ca chiều”, anh Phạm Quang Thìn, công nhân, vừa nhận giấy khai sinh cho con trai thứ hai, kể.

Với người chưa quen nộp hồ sơ trực tuyến, phường bố trí hai đoàn viên trực từ 8 giờ đến 11 giờ hằng ngày để hướng dẫn trên chính điện thoại của họ.

Từ tháng 10, cách làm này sẽ được mở rộng cho nhóm thủ tục trợ cấp xã hội.

Thực hiện: Bảo Ngân`,
  },
  {
    section: "the-thao",
    tags: ["đua thuyền", "lễ hội", "ven sông"],
    photos: ["dua-thuyen.jpg"],
    copy: `Đua thuyền truyền thống:

Mười hai đội sẵn sàng cho ngày hội trên sông Vọng

30/08/2024, 19:00

Hội đua thuyền trên sông Vọng trở lại vào sáng 2/9 với 12 đội nam, nữ. Trong những buổi tập cuối cùng, hai bờ sông đã kín người xem.

Đội nữ thôn Đông trong buổi tập chiều 29/8. Ảnh: PV

Đường đua năm nay dài 1.500 m với nam và 1.000 m với nữ, xuất phát từ bến đò Đông, vòng qua hai cọc tiêu rồi về đích trước đình làng. Mỗi thuyền có 16 tay chèo, một người cầm lái và một người gõ mõ bắt nhịp.

Đội nam thôn Đông, nhà vô địch hai mùa liên tiếp, giữ lại 11 tay chèo cũ. Huấn luyện viên Lương Văn Sóng cho rằng thể lực chỉ là một nửa. “Nửa còn lại là nghe nhau. Mười sáu mái chèo xuống nước thành một tiếng thì thuyền mới lướt”, ông nói.

Đáng chú ý là đội nữ thôn Hạ, lần đầu góp mặt. Các chị phần lớn làm nghề kéo lưới, ban ngày ra sông, 5 giờ chiều mới về bến tập. Sau sáu tuần, thành tích trên quãng 1.000 m của đội rút từ 7 phút 20 giây xuống 6 phút 5 giây.

## An toàn đặt lên trước

Ban tổ chức bố trí bốn xuồng cứu hộ, yêu cầu toàn bộ vận động viên mặc áo phao và tạm dừng giao thông thủy qua khúc sông từ 7 giờ đến 11 giờ ngày 2/9. Hai bãi gửi xe miễn phí đặt ở sân vận động xã và trường tiểu học.

Khán giả được khuyến khích đứng sau hàng rào mềm trên mặt đê, không tụ tập ở các bậc đá sát mép nước.

Hội đua không đặt nặng tiền thưởng. Đội thắng cuộc nhận một lá cờ thêu và một con lợn quay để liên hoan với cả làng, đúng như lệ cũ.

Duy Khang`,
  },
];
